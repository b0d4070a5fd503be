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
    int max; /* of a number; 0: text */
};

static const struct key keys[] = {
    {"collector", "address", offsetof(struct config, address), 0},
    {"kiosk", "name", offsetof(struct config, name), 0},
    {"network", "proxy", offsetof(struct config, proxy), 0},
    {"network", "metered_seconds", offsetof(struct config, metered_seconds),
     CONFIG_MAX_SECONDS},
    {"sync", "mix_seconds", offsetof(struct config, mix_seconds),
     CONFIG_MAX_SECONDS},
    {"sync", "library_seconds", offsetof(struct config, library_seconds),
     CONFIG_MAX_SECONDS},
    {"privacy", "least", offsetof(struct config, least), CONFIG_LEAST_MAX},
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
set_number(struct reading *r, const struct key *key, const char *value)
{
    char *end = NULL;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < 0
        || number > key->max) {
        const struct diag_where where = {.file = r->path, .path = key->name};
        r->status =
            diag_add(r->diag, DIAG_ERROR, &where,
                     N_("“%s” is not a number from 0 to %d"), value, key->max);
        return;
    }
    int whole = (int)number;
    memcpy((char *)r->config + key->offset, &whole, sizeof(whole));
}

static int
on_key(void *self, const char *section, const char *name, const char *value)
{
    struct reading *r = self;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i].section, section) == 0
            && strcmp(keys[i].name, name) == 0) {
            if (keys[i].max > 0) {
                set_number(r, &keys[i], value);
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
        .least = CONFIG_LEAST,
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
