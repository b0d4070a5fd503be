#include "collector/web/sheet.h"

#include "collector/report/recovery_sheet.h"
#include "collector/store/recovery.h"
#include "collector/web/monitoring.h"

#define TEXT_MAX_BYTES 4096

enum status
sheet_print(struct store *s, const struct seal_pair *pair, enum i18n_lang lang,
            int64_t now_ms, const struct dataset_sink *sink)
{
    char name[RECOVERY_NAME_CHARS + 1];
    struct recovery_text text;
    const char *line[RECOVERY_LINES];
    struct buf house;
    struct buf date;
    buf_init(&house, TEXT_MAX_BYTES);
    buf_init(&date, TEXT_MAX_BYTES);
    recovery_name(&pair->public_key, name);
    recovery_print(pair, &text);
    for (size_t i = 0; i < RECOVERY_LINES; i++) {
        line[i] = text.line[i];
    }
    monitoring_date(&date, lang, now_ms);
    enum status st = store_text(s, STORE_HOUSE, &house);
    if (st == STATUS_OK) {
        st = buf_status(&date);
    }
    if (st == STATUS_OK) {
        const struct recovery_sheet sheet = {
            .lang = lang,
            .house = house.data,
            .name = name,
            .date = date.data,
            .line = line,
            .line_count = RECOVERY_LINES,
        };
        st = recovery_sheet_write(&sheet, sink);
    }
    buf_wipe(&text, sizeof(text));
    buf_deinit(&house);
    buf_deinit(&date);
    return st;
}
