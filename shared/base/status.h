#ifndef ANKETA_BASE_STATUS_H
#define ANKETA_BASE_STATUS_H

/*
 * One result type for everything that can fail. Zero is plain success, a
 * positive value an expected outcome the caller branches on, a negative value
 * a failure; hence `if (st < 0) { goto out; }` is always right.
 *
 * IO, FULL and NOMEM are logged once, by whoever detects them; everybody above
 * passes the code on. The others are answers: whoever decides what they mean
 * tells the reader (see diag.h).
 */
enum status {
    STATUS_OK = 0,

    STATUS_NONE = 1,   /* asked for one, and there is none */
    STATUS_REPEAT = 2, /* done before, with the same content */

    STATUS_E_NOMEM = -1,
    STATUS_E_IO = -2,       /* disk, SQLite or network said no; see the log */
    STATUS_E_INVALID = -3,  /* input breaks a documented rule */
    STATUS_E_CONFLICT = -4, /* same key, different content */
    STATUS_E_STALE = -5,    /* the caller's view of the object is outdated */
    STATUS_E_LIMIT = -6,    /* a named maximum is reached */
    STATUS_E_FULL = -7,     /* no space on the disk */
    STATUS_E_AUTH = -8,     /* signature, key, code or password is wrong */
    STATUS_E_UNSUPPORTED = -9, /* well-formed, but not for this version */
    STATUS_E_NOT_FOUND = -10,  /* a thing named by the caller does not exist */
    STATUS_E_BUSY = -11,       /* somebody else holds it; try again */
};

/* English, for logs and tests; never shown to staff. */
const char *
status_name(enum status st);

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

#endif
