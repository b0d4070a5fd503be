#include "base/status.h"

const char *
status_name(enum status st)
{
    switch (st) {
    case STATUS_OK:
        return "ok";
    case STATUS_NONE:
        return "none";
    case STATUS_REPEAT:
        return "repeat";
    case STATUS_E_NOMEM:
        return "out of memory";
    case STATUS_E_IO:
        return "i/o failure";
    case STATUS_E_INVALID:
        return "invalid input";
    case STATUS_E_CONFLICT:
        return "conflicting content";
    case STATUS_E_STALE:
        return "stale view";
    case STATUS_E_LIMIT:
        return "limit reached";
    case STATUS_E_FULL:
        return "disk full";
    case STATUS_E_AUTH:
        return "not authentic";
    case STATUS_E_UNSUPPORTED:
        return "unsupported";
    case STATUS_E_NOT_FOUND:
        return "not found";
    case STATUS_E_BUSY:
        return "busy";
    }
    return "unknown status";
}
