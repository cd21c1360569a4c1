/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What programs for the PLX SDK define on their command lines: PLX_LINUX and
 * PLX_LITTLE_ENDIAN.  Here they are facts, whether said or not.
 */
#ifndef PLXAPI_PLXDEFCK_H
#define PLXAPI_PLXDEFCK_H

#ifndef PLX_LINUX
#define PLX_LINUX
#endif
#if !defined(PLX_LITTLE_ENDIAN) && !defined(PLX_BIG_ENDIAN)
#define PLX_LITTLE_ENDIAN
#endif
#ifdef PLX_BIG_ENDIAN
#error "libplxapi-compat is for little-endian machines"
#endif

#endif
