#ifndef ANKETA_UI_UI_H
#define ANKETA_UI_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ui/draw_list.h"
#include "ui/geom.h"
#include "ui/metrics.h"
#include "ui/text.h"
#include "ui/theme.h"

/*
 * Ui: one page at a time; events in, a draw list and a list of targets out.
 *
 * A page is declared anew for every frame, between ui_begin and ui_end, and
 * declares its targets on the way. Input is judged against the targets of the
 * last frame: pressing marks a target, releasing inside the same one activates
 * it, leaving it forgives. Focus is kept by the target's id from frame to
 * frame; it shows only once a key has been used, and moves to the first target
 * when its own is gone.
 *
 * The first finger counts, others are ignored until it is lifted.
 *
 * Threads  One at a time.
 */
#define UI_TARGETS_MAX 256
#define UI_ID_MAX_BYTES 96
#define UI_TEXT_INPUT_MAX_BYTES 64

/* What touching a target means; the numbers are the screens' own. */
struct ui_action {
    int verb; /* 0: none */
    int entry;
    int arg;
};

enum ui_flag {
    UI_KEY = 1,      /* key of a keyboard: may be METRICS_KEY_MM */
    UI_DRAG = 2,     /* follows the finger: UI_DRAG_* events */
    UI_SELECTED = 4, /* said by reading aloud and by dumps */
    UI_DISPLAY = 8,  /* top line: a display setting, may be METRICS_KEY_MM */
    UI_REPEAT = 16,  /* fires again while it is held */
};

struct ui_target {
    struct geom_rect rect;
    struct ui_action action;
    unsigned flags;
    char id[UI_ID_MAX_BYTES]; /* "choice:often": the same in every frame */
    size_t
        said; /* words for reading aloud: 1 + offset in list.texts; 0: none */
};

enum ui_event_kind {
    UI_NOTHING,
    UI_ACTIVATE,
    UI_DRAG_START,
    UI_DRAG_MOVE,
    UI_DRAG_END,
    UI_INPUT, /* text typed at a real keyboard */
    UI_PRESS_KEY,
};

enum ui_key {
    UI_KEY_NONE,
    UI_KEY_TAB,
    UI_KEY_BACK_TAB,
    UI_KEY_UP,
    UI_KEY_DOWN,
    UI_KEY_LEFT,
    UI_KEY_RIGHT,
    UI_KEY_ENTER,
    UI_KEY_SPACE,
    UI_KEY_ESCAPE,
    UI_KEY_BACKSPACE,
    UI_KEY_DELETE,
    UI_KEY_HOME,
    UI_KEY_END,
    UI_KEY_PAGE_UP,
    UI_KEY_PAGE_DOWN,
    UI_KEY_STAFF, /* F10 */
};

struct ui_event {
    enum ui_event_kind kind;
    struct ui_action action; /* of the target, for touches */
    struct geom_rect rect;   /* of the target, for drags */
    int x;
    int y;
    enum ui_key key;
    char text[UI_TEXT_INPUT_MAX_BYTES];
};

enum ui_phase {
    UI_DOWN,
    UI_MOVE,
    UI_UP,
    UI_CANCEL, /* the touch was lost */
};

struct ui {
    struct metrics metrics;
    enum theme_id theme;
    struct text_measure measure;
    struct draw_list list;
    struct ui_target targets[UI_TARGETS_MAX];
    size_t target_count;
    char pressed[UI_ID_MAX_BYTES]; /* "" if none */
    struct geom_rect pressed_rect;
    bool pressed_inside;
    bool dragging;
    int drag_y;    /* of the finger */
    int drag_grip; /* how far below the target's upper edge it came down */
    char focus[UI_ID_MAX_BYTES];
    bool focus_visible;
    bool focus_given; /* not moved yet since it came to the first target */
    bool focus_row;   /* the keys beside it are in focus with it: ui/scan.h */
    const char *want_focus; /* static storage; taken by the next frame */
};

/* `measure` is copied; its self must outlive the ui. */
void
ui_init(struct ui *ui, const struct text_measure *measure);
void
ui_deinit(struct ui *ui);

/* Forget press, focus and everything drawn; overwrites. */
void
ui_wipe(struct ui *ui);

void
ui_begin(struct ui *ui);
void
ui_end(struct ui *ui);

/* Declare a target. `id_kind` and `id_name` are joined by ':' unless the name
 * is NULL. Returns whether it is shown pressed. */
bool
ui_target(struct ui *ui, struct geom_rect rect, struct ui_action action,
          unsigned flags, const char *id_kind, const char *id_name);

/* What reading aloud says of the target declared last, where that is not what
 * is written on it. */
void
ui_said(struct ui *ui, const char *words);

/* True if the frame has to be drawn again; *out is what happened. */
bool
ui_pointer(struct ui *ui, enum ui_phase phase, int x, int y,
           struct ui_event *out);

/* Focus moves and activation; other keys come back as UI_PRESS_KEY. */
bool
ui_press_key(struct ui *ui, enum ui_key key, struct ui_event *out);

const struct ui_target *
ui_find(const struct ui *ui, const char *id);

/* Millimetres to pixels. */
int
ui_mm(const struct ui *ui, double mm);

#endif
