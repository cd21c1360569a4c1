# What is in this folder.
