#include "screens/flow.h"

void
flow_add(struct flow *f, const struct flow_row *row)
{
    if (f->count == FLOW_ROWS_MAX) {
        f->cut = true;
        return;
    }
    f->rows[f->count] = *row;
    f->count++;
}

int
flow_height(const struct flow *f)
{
    int height = 0;
    for (size_t i = 0; i < f->count; i++) {
        height += f->rows[i].height_px + (i > 0 ? f->rows[i].gap_px : 0);
    }
    return height;
}

int
flow_stretch(const struct flow *f, size_t first, size_t count, size_t index,
             int height_px)
{
    long most = 0;
    long spare = height_px;
    for (size_t i = first; i < first + count; i++) {
        const struct flow_row *row = &f->rows[i];
        most += row->stretch_px;
        spare -= row->height_px + (i > first ? row->gap_px : 0);
    }
    if (spare <= 0 || most == 0) {
        return 0;
    }
    spare = spare < most ? spare : most;
    return (int)(f->rows[index].stretch_px * spare / most);
}

const struct flow_row *
flow_head(const struct flow *f, size_t first)
{
    size_t head = first < f->count ? f->rows[first].head : 0;
    return head > 0 ? &f->rows[head - 1] : NULL;
}

/* First row after the part that begins at `first`. */
static size_t
part_end(const struct flow *f, size_t first, int room_px)
{
    int used = f->rows[first].height_px;
    const struct flow_row *head = flow_head(f, first);
    used += head ? head->height_px + f->rows[first].gap_px : 0;
    size_t end = first + 1;
    while (end < f->count
           && used + f->rows[end].gap_px + f->rows[end].height_px <= room_px) {
        used += f->rows[end].gap_px + f->rows[end].height_px;
        end++;
    }
    if (end == f->count) {
        return end;
    }
    size_t whole = end;
    while (whole > first && f->rows[whole - 1].glue) {
        whole--;
    }
    if (whole > first) {
        return whole;
    }
    /* A run of glued rows longer than the panel is cut where it must be, but
     * headings of columns go with what they head. */
    return end > first + 1 && f->rows[end].head == end ? end - 1 : end;
}

int
flow_part(const struct flow *f, int height_px, int more_px, int *part,
          size_t *out_first, size_t *out_count)
{
    *out_first = 0;
    *out_count = f->count;
    if (flow_height(f) <= height_px || f->count == 0) {
        *part = 0;
        return 1;
    }
    int parts = 0;
    size_t first = 0;
    while (first < f->count) {
        size_t end = part_end(f, first, height_px - more_px);
        if (parts <= *part) {
            *out_first = first;
            *out_count = end - first;
        }
        parts++;
        first = end;
    }
    if (*part >= parts) {
        *part = parts - 1;
    }
    return parts;
}
