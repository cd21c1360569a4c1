/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rings between a client and the daemon, with their sleeping and waking,
 * for the model checker spin; tests/wire/order runs it. What src/wire/area.h
 * argues is checked here for every order in which the two sides' stores can
 * become visible: each side has a store buffer with a place a word, and words
 * leave it in any order, but a word stored with release not before what was
 * stored earlier. A fence waits until the buffer is empty. Loads are done in
 * the order of the program, as each index is loaded with acquire.
 *
 * Real sleeps are bounded. These are not: a lost wake-up is a state in which
 * nobody can go on, and spin finds it. That entries arrive whole, once and in
 * order is asserted.
 *
 * Each of the macros NO_... takes one thing away that the protocol needs, and
 * spin must then find fault.
 */
#define RING 2		/* entries of a ring; src: WIRE_RING */
#define TOTAL 6		/* transfers: every place is used three times */

#ifdef NO_RELEASE
#define AFTER(place) true
#else
#define AFTER(place) !place.buffered
#endif

typedef word {
	byte seen;		/* what the other side sees */
	byte newest;		/* what its writer sees, while buffered */
	bool buffered
}

/* The client's words, then the daemon's; a ring's entries count as one word
 * each. */
word submission[RING], submit_tail, complete_head, client_sleeps;
word completion[RING], submit_head, complete_tail, daemon_sleeps;
bool wakes_client, wakes_daemon;	/* eventfds */

inline store(place, what)
{
	d_step {
		place.newest = what;
		place.buffered = true
	}
}

inline reaches(place)
{
	place.seen = place.newest;
	place.newest = 0;
	place.buffered = false
}

#define CLIENT_EMPTY (!submission[0].buffered && !submission[1].buffered && \
	!submit_tail.buffered && !complete_head.buffered && \
	!client_sleeps.buffered)
#define DAEMON_EMPTY (!completion[0].buffered && !completion[1].buffered && \
	!submit_head.buffered && !complete_tail.buffered && \
	!daemon_sleeps.buffered)

active proctype client_buffer()
{
end:
	do
	:: atomic { submission[0].buffered -> reaches(submission[0]) }
	:: atomic { submission[1].buffered -> reaches(submission[1]) }
	:: atomic { submit_tail.buffered && AFTER(submission[0]) &&
		    AFTER(submission[1]) -> reaches(submit_tail) }
	:: atomic { complete_head.buffered -> reaches(complete_head) }
	:: atomic { client_sleeps.buffered -> reaches(client_sleeps) }
	od
}

active proctype daemon_buffer()
{
end:
	do
	:: atomic { completion[0].buffered -> reaches(completion[0]) }
	:: atomic { completion[1].buffered -> reaches(completion[1]) }
	:: atomic { complete_tail.buffered && AFTER(completion[0]) &&
		    AFTER(completion[1]) -> reaches(complete_tail) }
	:: atomic { submit_head.buffered -> reaches(submit_head) }
	:: atomic { daemon_sleeps.buffered -> reaches(daemon_sleeps) }
	od
}

/* An exchange is a full fence, and goes to memory at once. */
#define EXCHANGE(place, was, empty) \
	atomic { empty -> was = place.seen; place.seen = 0 }

active proctype client()
{
	byte tail, freed, head, value;

	do
	:: head == TOTAL -> break
	/* ring_client_submit(), ring_client_must_wake() */
	:: tail < TOTAL && tail - freed < RING ->
		store(submission[tail % RING], tail + 1);
		tail++;
		store(submit_tail, tail);
#ifndef NO_FENCE_AFTER_ENTRY
		CLIENT_EMPTY;
#endif
		if
		:: daemon_sleeps.seen ->
			EXCHANGE(daemon_sleeps, value, CLIENT_EMPTY);
			if
			:: value -> wakes_daemon = true
			:: else
			fi
		:: else
		fi;
		value = 0
	:: tail < TOTAL && tail - freed == RING ->
		freed = submit_head.seen;
		if
		:: tail - freed == RING -> goto wait
		:: else
		fi
	:: head < tail ->
wait:
		if
		/* ring_client_take() */
		:: complete_tail.seen != head ->
take:
			value = completion[head % RING].seen;
			assert(value == head + 1);
			value = 0;
			head++;
			store(complete_head, head)
		/* ring_client_sleep(), then one more look */
		:: complete_tail.seen == head ->
			store(client_sleeps, 1);
#ifndef NO_FENCE_BEFORE_SLEEP
			CLIENT_EMPTY;
#endif
#ifndef NO_SECOND_LOOK
			if
			:: complete_tail.seen != head ->
				store(client_sleeps, 0);
				goto take
			:: else
			fi;
#endif
			atomic { wakes_client -> wakes_client = false };
			store(client_sleeps, 0)
		fi
	od
}

active proctype daemon()
{
	byte head, tail, value;

	do
	/* ring_server_take(), ring_server_complete(), ring_server_must_wake() */
	:: submit_tail.seen != head && tail - complete_head.seen < RING ->
work:
		value = submission[head % RING].seen;
		assert(value == head + 1);
		head++;
		store(submit_head, head);
		/* A place of the ring that is written again was given back. */
		store(completion[tail % RING], value);
		value = 0;
		tail++;
		store(complete_tail, tail);
#ifndef NO_FENCE_AFTER_ANSWER
		DAEMON_EMPTY;
#endif
		if
		:: client_sleeps.seen ->
			EXCHANGE(client_sleeps, value, DAEMON_EMPTY);
			if
			:: value -> wakes_client = true
			:: else
			fi
		:: else
		fi;
		value = 0
	/* ring_server_sleep(), then one more look */
	:: submit_tail.seen == head ->
		store(daemon_sleeps, 1);
#ifndef NO_FENCE_BEFORE_SLEEP
		DAEMON_EMPTY;
#endif
#ifndef NO_SECOND_LOOK
		if
		:: submit_tail.seen != head ->
			store(daemon_sleeps, 0);
			goto again
		:: else
		fi;
#endif
end:
		atomic { wakes_daemon -> wakes_daemon = false };
		store(daemon_sleeps, 0);
again:
		skip
	od
}
