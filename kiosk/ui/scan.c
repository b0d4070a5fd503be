#include "ui/scan.h"

#include <stdio.h>
#include <string.h>

static bool
same_row(const struct ui_target *a, const struct ui_target *b)
{
    return (a->flags & UI_KEY) && (b->flags & UI_KEY) && a->rect.y == b->rect.y
           && a->rect.h == b->rect.h;
}

size_t
scan_row(const struct ui *ui, size_t first)
{
    size_t n = 1;
    while (first + n < ui->target_count
           && same_row(&ui->targets[first], &ui->targets[first + n])) {
        n++;
    }
    return n;
}

/* First target of the row in which `at` stands. */
static size_t
row_start(const struct ui *ui, size_t at)
{
    while (at > 0 && same_row(&ui->targets[at - 1], &ui->targets[at])) {
        at--;
    }
    return at;
}

static void
focus(struct ui *ui, size_t at, bool whole_row)
{
    (void)snprintf(ui->focus, sizeof(ui->focus), "%s", ui->targets[at].id);
    ui->focus_visible = true;
    ui->focus_given = false;
    ui->focus_row = whole_row && scan_row(ui, at) > 1;
}

static bool
find(const struct ui *ui, size_t *out)
{
    for (size_t i = 0; ui->focus_visible && i < ui->target_count; i++) {
        if (strcmp(ui->targets[i].id, ui->focus) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

void
scan_move(struct ui *ui)
{
    size_t at = 0;
    if (ui->target_count == 0) {
        return;
    }
    if (!find(ui, &at)) {
        focus(ui, 0, true);
        return;
    }
    size_t start = row_start(ui, at);
    size_t count = scan_row(ui, start);
    if (count > 1 && !ui->focus_row) {
        /* Inside a row: on to the next key, then the row as a whole. */
        bool last = at + 1 == start + count;
        focus(ui, last ? start : at + 1, last);
    } else {
        focus(ui, (start + count) % ui->target_count, true);
    }
}

bool
scan_select(struct ui *ui, struct ui_event *out)
{
    size_t at = 0;
    *out = (struct ui_event){.kind = UI_NOTHING};
    if (!find(ui, &at)) {
        scan_move(ui);
        return false;
    }
    if (ui->focus_row) {
        focus(ui, row_start(ui, at), false);
        return false;
    }
    *out = (struct ui_event){.kind = UI_ACTIVATE,
                             .action = ui->targets[at].action,
                             .rect = ui->targets[at].rect};
    /* After a key, the rows again. */
    if (ui->targets[at].flags & UI_KEY) {
        focus(ui, row_start(ui, at), true);
    }
    return true;
}
