#include "collector/web/first_look.h"

#include "collector/web/monitoring.h"

enum status
first_look(struct visit *v, struct store_wave *w)
{
    if (!monitoring_unseen(w, desk_now_ms(v->desk))) {
        return STATUS_OK;
    }
    int64_t id = w->id;
    store_rollback(v->reader);
    struct store *writer = desk_writer(v->desk);
    enum status st = monitoring_publish(writer, w, desk_now_ms(v->desk));
    desk_writer_give(v->desk);
    if (st == STATUS_OK) {
        st = store_begin_read(v->reader);
    }
    if (st == STATUS_OK) {
        store_wave_clear(w);
        st = store_wave_by_id(v->reader, id, w);
    }
    return st;
}
