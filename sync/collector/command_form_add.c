/* anketa-collector form add: publish a questionnaire from a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/web/publish.h"
#include "xlsform/xlsform.h"

#define PATH_MAX_BYTES 4096
#define COUNT_MAX 100000

/* Media stand beside the questionnaire, or in media/ there. */
struct beside {
    const char *file; /* the questionnaire */
    struct store *store;
    int64_t form; /* where to keep them; 0: nowhere yet */
};

static enum status
read_and_keep(const struct beside *b, const char *name, const char *path,
              struct buf *out)
{
    size_t start = out->len;
    enum status st = file_read(path, out);
    if (st == STATUS_OK && b->form != 0) {
        st = store_media_put(b->store, b->form, name, out->data + start,
                             out->len - start);
    }
    return st;
}

static enum status
read_beside(void *self, const char *name, struct buf *out)
{
    static const char *const folders[] = {"", "media/"};
    const struct beside *b = self;
    if (strchr(name, '/')) {
        return STATUS_E_NOT_FOUND;
    }
    const char *slash = strrchr(b->file, '/');
    enum status st = STATUS_E_NOT_FOUND;
    struct buf path;
    buf_init(&path, PATH_MAX_BYTES);
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        buf_clear(&path);
        buf_put(&path, b->file, slash ? (size_t)(slash - b->file + 1) : 0);
        buf_puts(&path, folders[i]);
        buf_puts(&path, name);
        if (buf_status(&path) == STATUS_OK && file_exists(path.data)) {
            st = read_and_keep(b, name, path.data, out);
            break;
        }
    }
    buf_deinit(&path);
    return st;
}

/* The XForm of a spreadsheet or of an .xml file. */
static enum status
read_xform(const char *path, struct diag *d, struct buf *xform)
{
    enum xlsform_format format = XLSFORM_CSV;
    enum status known = xlsform_format_of(path, &format);
    if (known < 0) {
        return file_read(path, xform);
    }
    struct buf sheet;
    buf_init(&sheet, FORM_XML_MAX_BYTES);
    enum status st = file_read(path, &sheet);
    if (st == STATUS_OK) {
        const char *slash = strrchr(path, '/');
        const struct xlsform_options options = {.file =
                                                    slash ? slash + 1 : path};
        st = xlsform_compile(sheet.data, sheet.len, format, &options, d, xform);
    }
    buf_deinit(&sheet);
    return st;
}

static bool
read_terms(int *argc, char **argv, struct publish_terms *terms)
{
    static const char *const kinds[] = {"anonymous", "slip", "named", "ballot"};
    const char *kind = command_option(argc, argv, "--kind");
    terms->title = command_option(argc, argv, "--title");
    terms->live = command_flag(argc, argv, "--live");
    terms->kind = -1;
    for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i], kind) == 0) {
            terms->kind = (int)i;
        }
    }
    if (kind && terms->kind < 0) {
        (void)command_fail(N_("--kind: “%s” is none of anonymous, slip, named, "
                              "ballot"),
                           kind);
        return false;
    }
    static const char *const names[] = {"--k", "--k-text", "--invited"};
    int *const to[] = {&terms->k, &terms->k_text, &terms->invited};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        long n = 0;
        if (!command_number(names[i], command_option(argc, argv, names[i]),
                            COUNT_MAX, 0, &n)) {
            return false;
        }
        *to[i] = (int)n;
    }
    return true;
}

/* The pictures and documents that it shows. One that is not there is told:
 * the questionnaire can be answered without. */
static enum status
keep_file(void *self, const char *name)
{
    struct buf file;
    buf_init(&file, FORM_XML_MAX_BYTES);
    enum status st = read_beside(self, name, &file);
    buf_deinit(&file);
    if (st == STATUS_E_NOT_FOUND) {
        (void)fprintf(stderr,
                      i18n_text(command_lang(),
                                N_("%s: not beside the questionnaire nor in "
                                   "media/ there; put it there and publish "
                                   "again\n")),
                      name);
        return STATUS_OK;
    }
    return st;
}

static enum status
keep_files(struct beside *media, const struct buf *xform)
{
    const struct form_env env = {.read_file = read_beside, .self = media};
    struct form *form = NULL;
    enum status st = form_load(xform->data, xform->len, &env, NULL, &form);
    if (st >= 0) {
        st = form_files(form, keep_file, media);
    }
    form_free(form);
    return st;
}

static enum status
publish(struct store *s, struct beside *media, const struct buf *xform,
        const struct publish_terms *terms, struct diag *d)
{
    const struct form_env env = {.read_file = read_beside, .self = media};
    int64_t now_ms = clock_wall_ms(clock_system());
    struct store_wave wave = {0};
    enum status st = store_begin(s);
    if (st == STATUS_OK) {
        st = publish_form(s, xform, &env, now_ms, d, &media->form);
    }
    if (st >= 0) {
        /* Loaded once more here, which now keeps the media. */
        st = publish_wave(s, media->form, &env, terms, now_ms, &wave);
    }
    if (st >= 0) {
        st = keep_files(media, xform);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    if (st == STATUS_OK) {
        (void)printf("%s\n", wave.name);
    }
    store_wave_clear(&wave);
    return st;
}

int
command_form_add(int argc, char **argv)
{
    struct publish_terms terms = {0};
    if (!read_terms(&argc, argv, &terms)) {
        return COMMAND_USAGE;
    }
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector form add FOLDER FILE "
               "[--title WAVE] [--kind KIND] [--k N] [--k-text N] "
               "[--invited N] [--live]"));
    }
    struct home home;
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    struct beside media = {.file = argv[2]};
    struct diag d;
    struct buf xform;
    diag_init(&d, command_lang());
    buf_init(&xform, FORM_XML_MAX_BYTES);
    st = read_xform(argv[2], &d, &xform);
    if (st == STATUS_OK) {
        st = home_store(&home, false, &media.store);
    }
    if (st == STATUS_OK) {
        st = publish(media.store, &media, &xform, &terms, &d);
    }
    command_print_diag(&d);
    store_close(media.store);
    home_close(&home);
    buf_deinit(&xform);
    diag_deinit(&d);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}
