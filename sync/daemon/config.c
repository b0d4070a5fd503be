#include "daemon/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "base/file.h"

struct reading {
    struct config *config;
    struct diag *diag;
    const char *path;
    enum status status;
};

struct key {
    const char *section;
    const char *name;
    size_t offset;
    bool seconds; /* else text */
};

static const struct key keys[] = {
    {"collector", "address", offsetof(struct config, address), false},
    {"kiosk", "name", offsetof(struct config, name), false},
    {"network", "proxy", offsetof(struct config, proxy), false},
    {"sync", "mix_seconds", offsetof(struct config, mix_seconds), true},
    {"sync", "library_seconds", offsetof(struct config, library_seconds), true},
};

static void
set_text(struct reading *r, const struct key *key, const char *value)
{
    char *at = (char *)r->config + key->offset;
    int n = snprintf(at, CONFIG_TEXT_BYTES, "%s", value);
    if (n < 0 || n >= CONFIG_TEXT_BYTES) {
        const struct diag_where where = {.file = r->path, .path = key->name};
        at[0] = '\0';
        r->status = diag_add(r->diag, DIAG_ERROR, &where,
                             N_("the value is longer than %d bytes; "
                                "shorten it"),
                             CONFIG_TEXT_BYTES - 1);
    }
}

static void
set_seconds(struct reading *r, const struct key *key, const char *value)
{
    char *end = NULL;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < 0
        || number > CONFIG_MAX_SECONDS) {
        const struct diag_where where = {.file = r->path, .path = key->name};
        r->status = diag_add(r->diag, DIAG_ERROR, &where,
                             N_("“%s” is not a number of seconds from 0 to %d"),
                             value, CONFIG_MAX_SECONDS);
        return;
    }
    int seconds = (int)number;
    memcpy((char *)r->config + key->offset, &seconds, sizeof(seconds));
}

static int
on_key(void *self, const char *section, const char *name, const char *value)
{
    struct reading *r = self;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i].section, section) == 0
            && strcmp(keys[i].name, name) == 0) {
            if (keys[i].seconds) {
                set_seconds(r, &keys[i], value);
            } else {
                set_text(r, &keys[i], value);
            }
            return 1;
        }
    }
    const struct diag_where where = {.file = r->path};
    (void)diag_add(r->diag, DIAG_WARNING, &where,
                   N_("there is no setting “%s” in section [%s]; it is "
                      "ignored"),
                   name, section);
    return 1;
}

enum status
config_load(const char *path, struct diag *d, struct config *out)
{
    *out = (struct config){
        .mix_seconds = CONFIG_MIX_SECONDS,
        .library_seconds = CONFIG_LIBRARY_SECONDS,
    };
    if (!file_exists(path)) {
        return STATUS_OK;
    }
    struct reading r = {out, d, path, STATUS_OK};
    int line = ini_parse(path, on_key, &r);
    if (line != 0) {
        const struct diag_where where = {.file = path,
                                         .row = line > 0 ? line : 0};
        r.status = diag_add(d, DIAG_ERROR, &where,
                            N_("this is neither a [section] nor "
                               "“name = value”"));
    }
    return r.status;
}
