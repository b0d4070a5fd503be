#include "app/finger.h"

enum finger_verdict
finger_event(struct finger *f, int64_t id, enum ui_phase phase, int64_t now_ms)
{
    enum finger_verdict verdict = FINGER_TAKE;
    if (phase == UI_DOWN) {
        /* The same id anew: its lifting was lost. */
        bool lost =
            f->down && (id == f->id || now_ms - f->heard_ms >= FINGER_STALE_MS);
        if (f->down && !lost) {
            return FINGER_IGNORE;
        }
        verdict = lost ? FINGER_TAKE_OVER : FINGER_TAKE;
        f->down = true;
        f->id = id;
    } else if (!f->down || id != f->id) {
        return FINGER_IGNORE;
    }
    if (phase == UI_UP || phase == UI_CANCEL) {
        f->down = false;
    }
    f->heard_ms = now_ms;
    return verdict;
}
