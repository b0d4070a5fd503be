#include "batch_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/web/publish.h"
#include "harness/harness.h"
#include "seal/record.h"

#define NOW_MS INT64_C(1795000000000)
#define BOXES_MAX 4096

static const char xform[] =
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" "
    "xmlns:h=\"http://www.w3.org/1999/xhtml\" "
    "xmlns:orx=\"http://openrosa.org/xforms\"><h:head><h:title>T</h:title>"
    "<model><instance><data id=\"t\" version=\"1\"><glad/><score/><why/>"
    "<orx:meta><orx:instanceID/></orx:meta></data></instance>"
    "<bind nodeset=\"/data/glad\" type=\"string\"/>"
    "<bind nodeset=\"/data/score\" type=\"int\" "
    "constraint=\". &gt;= 1 and . &lt;= 10\"/>"
    "<bind nodeset=\"/data/why\" type=\"string\" "
    "relevant=\"/data/glad = 'no'\"/>"
    "<bind nodeset=\"/data/orx:meta/orx:instanceID\" type=\"string\" "
    "readonly=\"true()\" jr:preload=\"uid\" "
    "xmlns:jr=\"http://openrosa.org/javarosa\"/>"
    "</model></h:head><h:body>"
    "<select1 ref=\"/data/glad\"><label>Glad?</label>"
    "<item><label>Yes</label><value>yes</value></item>"
    "<item><label>No</label><value>no</value></item></select1>"
    "<input ref=\"/data/score\"><label>Score</label></input>"
    "<input ref=\"/data/why\"><label>Why</label></input>"
    "</h:body></h:html>";

static void
publish(struct batch_fixture *f, enum record_kind kind)
{
    struct buf xml;
    struct diag d;
    int64_t id = 0;
    const struct publish_terms terms = {.kind = (int)kind};
    buf_init(&xml, sizeof(xform));
    buf_puts(&xml, xform);
    diag_init(&d, I18N_EN);
    enum status st = publish_form(f->store, &xml, NULL, NOW_MS, &d, &id);
    if (st != STATUS_OK) {
        fail_msg("%s: %s", status_name(st),
                 d.count > 0 ? d.entry[0].text : "?");
    }
    assert_int_equal(publish_wave(f->store, id, NULL, &terms, NOW_MS, &f->wave),
                     STATUS_OK);
    assert_int_equal(form_load(xml.data, xml.len, NULL, NULL, &f->form),
                     STATUS_OK);
    buf_init(&f->blank, FILLING_XML_MAX_BYTES);
    assert_int_equal(form_blank(f->form, &f->blank), STATUS_OK);
    diag_deinit(&d);
    buf_deinit(&xml);
}

void
batch_fixture_open(struct batch_fixture *f, enum record_kind kind)
{
    batch_fixture_open_vfs(f, kind, NULL);
    assert_int_equal(store_open(f->path, true, &f->reader), STATUS_OK);
}

void
batch_fixture_open_vfs(struct batch_fixture *f, enum record_kind kind,
                       const char *vfs)
{
    memset(f, 0, sizeof(*f));
    assert_int_equal(seal_init(), STATUS_OK);
    harness_temp_dir(f->dir);
    (void)snprintf(f->path, sizeof(f->path), "%s/collector.db", f->dir);
    assert_int_equal(store_open_vfs(f->path, false, vfs, &f->store), STATUS_OK);
    publish(f, kind);
    assert_int_equal(catalogue_new(&f->catalogue), STATUS_OK);
    keys_new(&f->keys);
    f->ingest.keys = &f->keys;
    f->ingest.catalogue = f->catalogue;
    f->ingest.epoch = 7;
}

void
batch_fixture_close(struct batch_fixture *f)
{
    store_wave_clear(&f->wave);
    form_free(f->form);
    buf_deinit(&f->blank);
    catalogue_free(f->catalogue);
    store_close(f->reader);
    store_close(f->store);
    keys_wipe(&f->keys);
    harness_remove_tree(f->dir);
}

static void
set(struct filling *filling, const char *path, const char *value)
{
    if (value) {
        struct filling_node *node = filling_find(filling, path);
        assert_non_null(node);
        assert_int_equal(filling_set(filling, node, value), STATUS_OK);
    }
}

void
batch_fixture_seal(struct batch_fixture *f,
                   const struct batch_fixture_answers *a, struct buf *boxes)
{
    const struct filling_env env = {.anonymous = true,
                                    .instance_id = a->instance_id};
    struct filling *filling = NULL;
    struct buf xml;
    buf_init(&xml, FILLING_XML_MAX_BYTES);
    assert_int_equal(filling_new(f->form, &env, &filling), STATUS_OK);
    set(filling, "/data/glad", a->glad);
    set(filling, "/data/score", a->score);
    set(filling, "/data/why", a->why);
    if (a->break_rules) {
        set(filling, "/data/score", "11");
    }
    assert_int_equal(filling_submission(filling, &xml), STATUS_OK);
    const struct record_head head = {
        .kind = f->wave.kind,
        .form_id = f->wave.form_id,
        .form_version = f->wave.version,
        .wave = a->wave ? a->wave : f->wave.name,
        .code = a->code ? a->code : "",
        .slip = a->slip,
        .test = a->test,
    };
    const struct record_blank blank = {f->blank.data, f->blank.len};
    size_t start = boxes->len;
    assert_int_equal(record_close(&f->keys.seal[0].public_key, &head, xml.data,
                                  xml.len, &blank, boxes),
                     STATUS_OK);
    assert_int_equal(boxes->len - start, record_bucket_bytes[0]);
    filling_free(filling);
    buf_deinit(&xml);
}

void
batch_fixture_take(struct batch_fixture *f, const struct buf *boxes,
                   struct receipt *out)
{
    static struct batch_record record[BOXES_MAX];
    struct batch batch = {.record = record};
    struct ingest_batch *opened = NULL;
    size_t size = record_bucket_bytes[0];
    for (size_t at = 0; at < boxes->len; at += size) {
        record[batch.count].box = (const uint8_t *)boxes->data + at;
        record[batch.count++].len = size;
    }
    assert_int_equal(ingest_open(&f->ingest, f->reader, &batch, &opened),
                     STATUS_OK);
    assert_int_equal(ingest_commit(opened, f->store, out), STATUS_OK);
    ingest_free(opened);
}

int64_t
batch_fixture_count(struct batch_fixture *f, const char *field,
                    enum store_tally_kind kind, int64_t item)
{
    struct store_tally *tally = NULL;
    size_t count = 0;
    int64_t n = 0;
    size_t at = form_field_find(f->form, field);
    assert_int_not_equal(at, SIZE_MAX);
    assert_int_equal(store_tallies(f->reader, f->wave.id, &tally, &count),
                     STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        if (tally[i].field == at && tally[i].kind == kind
            && tally[i].item == item) {
            n = tally[i].n;
        }
    }
    free(tally);
    return n;
}
