#include "daemon/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "harness/harness.h"
#include "seal/record.h"
#include "store/library.h"
#include "wire/batch.h"
#include "wire/bundle.h"
#include "wire/enrol.h"
#include "wire/receipt.h"

/* A collector in memory, faithful where a test does not tell it otherwise. */
enum trick {
    HONEST,
    ABSENT,        /* no connection */
    PORTAL,        /* 200 with a login page */
    SERVER_ERROR,  /* 503 */
    FORGETS,       /* 403 */
    CUTS_RECEIPTS, /* takes the batch in; the receipt is lost */
    SIGNS_WRONG,   /* receipt signed by another key */
    FOR_ANOTHER,   /* receipt for another kiosk */
    OLD_RECEIPT,   /* receipt of another batch */
    REFUSES,       /* every record */
    PUTS_OFF,      /* every record: later */
};

#define TAKEN_MAX 20000

struct collector {
    struct seal_sign_pair sign;
    struct seal_sign_pair next_sign;
    struct seal_sign_pair stranger;
    struct seal_pair seal;
    struct enrol_identity identity;
    struct enrol_code code;
    enum trick trick;
    bool rotates;
    bool turned;
    uint64_t serial;
    uint64_t position;
    uint64_t covered;
    struct seal_hash *taken; /* ids */
    size_t taken_count;
    size_t batches;
    size_t largest;
    size_t smallest;
    const char *lives_at; /* NULL: everywhere */
    const struct account *account;
    size_t knocks; /* at other doors */
    char *erased;  /* an order to erase; NULL: none */
};

struct fixture {
    char dir[HARNESS_PATH_MAX];
    struct harness_clock clock;
    struct transport transport;
    struct session session;
    struct outbox *kiosk;
    struct collector c;
    struct seal_hash tag;
};

static const struct seal_sign_pair *
signer(const struct collector *c)
{
    return c->turned ? &c->next_sign : &c->sign;
}

static bool
take(struct collector *c, const struct seal_hash *id)
{
    for (size_t i = 0; i < c->taken_count; i++) {
        if (memcmp(&c->taken[i], id, sizeof(*id)) == 0) {
            return false;
        }
    }
    assert_true(c->taken_count < TAKEN_MAX);
    c->taken[c->taken_count] = *id;
    c->taken_count++;
    return true;
}

static void
answer_library(struct collector *c, const struct transport_request *request,
               struct transport_answer *answer)
{
    static struct bundle_survey survey[] = {
        {"interim", "1", "w", RECORD_ANONYMOUS, 5, 3, false}};
    static struct bundle_form form[] = {{"interim", "1", "<h:html/>", 9}};
    struct bundle_request ask;
    assert_int_equal(bundle_request_decode(request->body, request->len, &ask),
                     STATUS_OK);
    if (ask.serial >= c->serial) {
        answer->http = 204;
        return;
    }
    struct bundle_setting order = {(char[]){"erased.0"}, c->erased};
    const struct bundle bundle = {
        .serial = c->serial,
        .epoch = c->identity.epoch,
        .seal = c->seal.public_key,
        .rotates = c->rotates,
        .next_sign = c->next_sign.public_key,
        .survey = survey,
        .survey_count = 1,
        .form = form,
        .form_count = 1,
        .setting = c->erased ? &order : NULL,
        .setting_count = c->erased ? 1 : 0,
    };
    assert_int_equal(bundle_encode(&bundle, signer(c), &answer->body),
                     STATUS_OK);
}

static enum receipt_outcome
outcome_for(struct collector *c, const struct seal_hash *id)
{
    if (c->trick == REFUSES) {
        return RECEIPT_REFUSED_ANSWERS;
    }
    if (c->trick == PUTS_OFF) {
        return RECEIPT_LATER;
    }
    return take(c, id) ? RECEIPT_ACCEPTED : RECEIPT_REPEAT;
}

static void
answer_batch(struct collector *c, const struct transport_request *request,
             struct transport_answer *answer)
{
    struct batch batch;
    struct receipt_item *item = NULL;
    assert_int_equal(batch_decode(request->body, request->len, &batch),
                     STATUS_OK);
    c->position++;
    if (batch.count > 0) {
        c->batches++;
        c->largest = batch.count > c->largest ? batch.count : c->largest;
        c->smallest = c->smallest == 0 || batch.count < c->smallest
                          ? batch.count
                          : c->smallest;
    }
    item = calloc(batch.count + 1, sizeof(*item));
    assert_non_null(item);
    for (size_t i = 0; i < batch.count; i++) {
        record_id(batch.record[i].box, batch.record[i].len, &item[i].record);
        item[i].outcome = outcome_for(c, &item[i].record);
    }
    struct receipt receipt = {
        .kiosk = batch.kiosk,
        .batch = batch.id,
        .epoch = c->identity.epoch,
        .position = c->position,
        .covered = c->covered,
        .item = item,
        .count = batch.count,
    };
    if (c->trick == FOR_ANOTHER) {
        receipt.kiosk = c->stranger.public_key;
    }
    if (c->trick == OLD_RECEIPT) {
        receipt.batch.bytes[0] ^= 1;
    }
    assert_int_equal(
        receipt_encode(&receipt,
                       c->trick == SIGNS_WRONG ? &c->stranger : signer(c),
                       &answer->body),
        STATUS_OK);
    free(item);
    batch_clear(&batch);
}

static void
answer_enrol(struct collector *c, const struct transport_request *request,
             struct transport_answer *answer)
{
    struct enrol_request got;
    assert_int_equal(enrol_request_decode(request->body, request->len, &got),
                     STATUS_OK);
    if (!seal_equal(got.secret, c->code.secret, sizeof(got.secret))) {
        answer->http = 403;
        return;
    }
    const struct enrol_answer told = {.who = c->identity, .name = "Кабинет 12"};
    assert_int_equal(
        enrol_answer_encode(&told, &got.kiosk, &c->sign, &answer->body),
        STATUS_OK);
}

static enum status
exchange(void *self, const struct transport_request *request,
         struct transport_answer *answer)
{
    struct collector *c = self;
    const char *where =
        request->address ? request->address : c->account->address;
    if (c->lives_at && strcmp(where, c->lives_at) != 0) {
        bool somebody = strstr(where, "stranger") != NULL;
        c->knocks++;
        answer->fault = somebody ? SYNC_FAULT_KEY : SYNC_FAULT_CONNECT;
        return STATUS_E_IO;
    }
    if (c->trick == ABSENT) {
        answer->fault = SYNC_FAULT_CONNECT;
        return STATUS_E_IO;
    }
    answer->http = 200;
    if (c->trick == PORTAL) {
        buf_puts(&answer->body, "<html>Please log in</html>");
    } else if (c->trick == SERVER_ERROR || c->trick == FORGETS) {
        answer->http = c->trick == FORGETS ? 403 : 503;
    } else if (strcmp(request->path, "/sync/v1/identity") == 0) {
        assert_int_equal(enrol_identity_encode(&c->identity, &answer->body),
                         STATUS_OK);
    } else if (strcmp(request->path, "/sync/v1/enrol") == 0) {
        answer_enrol(c, request, answer);
    } else if (strcmp(request->path, "/sync/v1/library") == 0) {
        answer_library(c, request, answer);
    } else {
        answer_batch(c, request, answer);
        if (c->trick == CUTS_RECEIPTS) {
            answer->fault = SYNC_FAULT_BROKEN;
            return STATUS_E_IO;
        }
    }
    return STATUS_OK;
}

static void
enrol(struct fixture *f)
{
    char code[ENROL_CODE_CHARS + 1];
    enrol_code_print(&f->c.code, code);
    assert_int_equal(
        session_enrol(&f->session, code, "https://collector:1", "Учительская"),
        STATUS_OK);
}

static void
setup(struct fixture *f)
{
    char path[HARNESS_PATH_MAX + 16];
    *f = (struct fixture){.c = {.serial = 1}};
    const struct library_survey survey = {.form_id = (char[]){"interim"},
                                          .wave = (char[]){"w"}};
    library_form_tag(&survey, &f->tag);
    harness_temp_dir(f->dir);
    harness_clock_init(&f->clock, INT64_C(1700000000000));
    f->c.taken = calloc(TAKEN_MAX, sizeof(f->c.taken[0]));
    assert_non_null(f->c.taken);
    seal_sign_pair_new(&f->c.sign);
    seal_sign_pair_new(&f->c.next_sign);
    seal_sign_pair_new(&f->c.stranger);
    seal_pair_new(&f->c.seal);
    f->c.identity = (struct enrol_identity){
        .sign = f->c.sign.public_key,
        .seal = f->c.seal.public_key,
        .tls_pin = {9},
        .epoch = 1,
    };
    enrol_code_new(&f->c.identity, &f->c.code);
    f->c.account = &f->session.account;
    f->transport = (struct transport){exchange, &f->c};
    assert_int_equal(
        session_init(&f->session, f->dir, &f->clock.clock, &f->transport),
        STATUS_OK);
    (void)snprintf(path, sizeof(path), "%s/outbox.db", f->dir);
    assert_int_equal(outbox_open(path, &f->kiosk), STATUS_OK);
}

static void
teardown(struct fixture *f)
{
    session_deinit(&f->session);
    outbox_close(f->kiosk);
    free(f->c.taken);
    harness_remove_tree(f->dir);
}

static void
answer_survey(struct fixture *f, size_t times)
{
    uint8_t sealed[512];
    for (size_t i = 0; i < times; i++) {
        random_bytes(sealed, sizeof(sealed));
        assert_int_equal(outbox_put(f->kiosk, &f->tag, sealed, 512), STATUS_OK);
    }
}

static struct outbox_counts
counts(struct fixture *f)
{
    struct outbox_counts c;
    assert_int_equal(outbox_scan(f->kiosk), STATUS_OK);
    outbox_counts(f->kiosk, &c);
    return c;
}

static void
enrols_fetches_and_delivers(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    assert_int_equal(session_run(&f.session), STATUS_NONE);
    enrol(&f);
    /* What the coordinator calls it goes before what it calls itself. */
    assert_string_equal(f.session.state.name, "Кабинет 12");
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(f.session.state.library_serial, 1);
    answer_survey(&f, 12);
    f.c.covered = 1000;
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(f.c.taken_count, 12);
    assert_int_equal(counts(&f).waiting, 0);
    assert_int_equal(counts(&f).held, 0);
    assert_int_equal(f.session.state.phase, SYNC_IDLE);

    /* A daemon that starts anew knows all it needs. */
    session_deinit(&f.session);
    assert_int_equal(
        session_init(&f.session, f.dir, &f.clock.clock, &f.transport),
        STATUS_OK);
    assert_true(f.session.account.enrolled);
    assert_string_equal(f.session.account.name, "Кабинет 12");
    answer_survey(&f, 5);
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(f.c.taken_count, 17);
    teardown(&f);
}

static void
fewer_than_k_stay(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    enrol(&f);
    answer_survey(&f, 4);
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(f.c.taken_count, 0);
    answer_survey(&f, 1);
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(f.c.taken_count, 5);
    teardown(&f);
}

static void
enrolment_refuses_what_is_not_the_codes_collector(void **state)
{
    (void)state;
    struct fixture f;
    struct enrol_identity fake;
    struct enrol_code foreign;
    char code[ENROL_CODE_CHARS + 1];
    setup(&f);
    assert_true(session_enrol(&f.session, "ABCE", "https://x", "k") < 0);
    assert_int_equal(f.session.state.fault, SYNC_FAULT_CODE);
    fake = f.c.identity;
    fake.tls_pin[0] ^= 1;
    enrol_code_new(&fake, &foreign);
    enrol_code_print(&foreign, code);
    assert_int_equal(session_enrol(&f.session, code, "https://x", "k"),
                     STATUS_E_AUTH);
    assert_int_equal(f.session.state.fault, SYNC_FAULT_KEY);
    enrol_code_new(&f.c.identity, &foreign); /* right collector, not issued */
    enrol_code_print(&foreign, code);
    assert_true(session_enrol(&f.session, code, "https://x", "k") < 0);
    assert_int_equal(f.session.state.fault, SYNC_FAULT_CODE);
    assert_false(f.session.account.enrolled);
    enrol(&f);
    teardown(&f);
}

/* Whatever goes wrong, nothing is lost, nothing is twice, and the reason is
 * written down; afterwards all goes on as if nothing had been. */
static void
survives_every_fault(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        enum trick trick;
        enum sync_fault fault;
        size_t taken;
    } rows[] = {
        {"absent", ABSENT, SYNC_FAULT_CONNECT, 0},
        {"captive portal", PORTAL, SYNC_FAULT_FOREIGN, 0},
        {"503", SERVER_ERROR, SYNC_FAULT_BUSY, 0},
        {"revoked", FORGETS, SYNC_FAULT_REVOKED, 0},
        {"receipt lost", CUTS_RECEIPTS, SYNC_FAULT_BROKEN, 7},
        {"receipt forged", SIGNS_WRONG, SYNC_FAULT_SIGNATURE, 7},
        {"receipt for another", FOR_ANOTHER, SYNC_FAULT_SIGNATURE, 7},
        {"receipt replayed", OLD_RECEIPT, SYNC_FAULT_SIGNATURE, 7},
        {"all later", PUTS_OFF, SYNC_FAULT_BUSY, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        harness_row(rows[i].label);
        setup(&f);
        enrol(&f);
        f.c.covered = 1000;
        assert_int_equal(session_run(&f.session), STATUS_OK);
        answer_survey(&f, 7);
        f.c.serial++;
        f.c.trick = rows[i].trick;
        int64_t longest = 0;
        for (int again = 0; again < 12; again++) {
            assert_true(session_run(&f.session) < 0);
            assert_int_equal(f.session.state.fault, rows[i].fault);
            assert_int_equal(f.session.state.phase, SYNC_WAITING);
            assert_int_equal(f.c.taken_count, rows[i].taken);
            assert_int_equal(counts(&f).waiting, 7);
            longest = session_retry_ms(&f.session);
            assert_true(longest <= SESSION_RETRY_MAX_MS);
        }
        assert_true(longest >= SESSION_RETRY_MAX_MS / 2);
        f.c.trick = HONEST;
        assert_int_equal(session_run(&f.session), STATUS_OK);
        assert_int_equal(f.session.state.fault, SYNC_FAULT_NONE);
        assert_int_equal(f.c.taken_count, 7);
        assert_int_equal(counts(&f).waiting, 0);
        teardown(&f);
    }
}

static void
refused_records_are_kept_and_not_sent_again(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    enrol(&f);
    answer_survey(&f, 6);
    f.c.trick = REFUSES;
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(counts(&f).refused, 6);
    assert_int_equal(f.session.state.refused, 6);
    size_t batches = f.c.batches;
    f.c.trick = HONEST;
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(f.c.batches, batches);
    assert_int_equal(counts(&f).refused, 6);
    teardown(&f);
}

static void
what_no_backup_covers_is_kept_and_sent_again_after_a_restore(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    enrol(&f);
    answer_survey(&f, 8);
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(counts(&f).held, 8);

    /* The collector's disk dies; yesterday's backup knows nothing of them. */
    f.c.taken_count = 0;
    f.c.position = 0;
    f.c.identity.epoch = 2;
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(f.c.taken_count, 8);
    assert_int_equal(counts(&f).held, 8);
    assert_int_equal(f.session.account.collector.epoch, 2);

    f.c.covered = f.c.position; /* a backup was made */
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(counts(&f).held, 0);
    assert_int_equal(f.c.taken_count, 8);
    teardown(&f);
}

static void
held_records_go_after_their_days(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    enrol(&f);
    answer_survey(&f, 5);
    assert_int_equal(session_run(&f.session), STATUS_OK);
    harness_clock_advance(&f.clock, INT64_C(86400000) * SESSION_KEEP_DAYS);
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(counts(&f).held, 5);
    harness_clock_advance(&f.clock, INT64_C(86400000) * 2);
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(counts(&f).held, 0);
    teardown(&f);
}

static void
answers_of_somebody_erased_are_freed_before_they_leave(void **state)
{
    (void)state;
    struct fixture f;
    struct seal_hash gone;
    struct seal_hash stays;
    char order[2 * sizeof(gone) + 1];
    uint8_t sealed[512];
    library_person_tag("111111", &gone);
    library_person_tag("222222", &stays);
    for (size_t i = 0; i < sizeof(gone); i++) {
        (void)snprintf(order + 2 * i, 3, "%02x", ((uint8_t *)&gone)[i]);
    }
    setup(&f);
    enrol(&f);
    f.c.trick = PUTS_OFF; /* nothing leaves by itself */
    for (size_t i = 0; i < 5; i++) {
        random_bytes(sealed, sizeof(sealed));
        assert_int_equal(
            outbox_put(f.kiosk, i < 3 ? &gone : &stays, sealed, sizeof(sealed)),
            STATUS_OK);
    }
    (void)!session_run(&f.session);
    assert_int_equal(counts(&f).waiting, 5);
    f.c.erased = order;
    f.c.serial = 2;
    (void)!session_run(&f.session);
    assert_int_equal(f.session.state.library_serial, 2);
    assert_int_equal(counts(&f).waiting, 2);
    assert_int_equal(f.c.taken_count, 0);
    teardown(&f);
}

static void
follows_the_collector_to_its_next_keys(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    enrol(&f);
    f.c.rotates = true;
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_true(f.session.account.rotates);
    f.c.turned = true;
    f.c.rotates = false;
    f.c.serial++;
    answer_survey(&f, 5);
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_false(f.session.account.rotates);
    assert_int_equal(f.c.taken_count, 5);
    /* The old key has no more say. */
    f.c.turned = false;
    f.c.serial++;
    assert_true(session_run(&f.session) < 0);
    assert_int_equal(f.session.state.fault, SYNC_FAULT_SIGNATURE);
    teardown(&f);
}

/* Who announces a collector on the network. */
struct town {
    struct find_place place[FIND_PLACES_MAX];
    size_t count;
    size_t asked;
};

static enum status
find_in_town(void *self, struct find_place place[FIND_PLACES_MAX],
             size_t *out_count)
{
    struct town *town = self;
    town->asked++;
    memcpy(place, town->place, sizeof(town->place));
    *out_count = town->count;
    return town->count > 0 ? STATUS_OK : STATUS_NONE;
}

static void
follows_the_collector_to_its_new_address(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct town town;
        bool found;
        size_t knocks; /* in vain */
    } rows[] = {
        {"nobody announces himself", {.count = 0}, false, 1},
        {"where it is",
         {.place = {{.address = "https://new:1"}}, .count = 1},
         true,
         1},
        {"behind a stranger",
         {.place = {{.address = "https://stranger:1"},
                    {.address = "https://new:1"}},
          .count = 2},
         true,
         2},
        {"another's id is not tried",
         {.place =
              {{.address = "https://stranger:1", .has_id = true, .id = {0xee}}},
          .count = 1},
         false,
         1},
        {"a stranger with our id",
         {.place = {{.address = "https://stranger:1", .has_id = true}},
          .count = 1},
         false,
         2},
        {"only the old address",
         {.place = {{.address = "https://collector:1"}}, .count = 1},
         false,
         1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        struct town town = rows[i].town;
        const struct finder finder = {find_in_town, &town};
        harness_row(rows[i].label);
        setup(&f);
        enrol(&f);
        if (town.place[0].has_id && town.place[0].id[0] == 0) {
            memcpy(town.place[0].id, f.session.account.collector.tls_pin,
                   FIND_ID_BYTES);
        }
        f.session.finder = &finder;
        assert_int_equal(session_run(&f.session), STATUS_OK);
        assert_int_equal(town.asked, 0); /* nobody is asked without need */
        answer_survey(&f, 6);
        f.c.lives_at = "https://new:1";
        enum status st = session_run(&f.session);
        assert_int_equal(town.asked, 1);
        assert_int_equal(f.c.knocks, rows[i].knocks);
        assert_int_equal(f.c.taken_count, rows[i].found ? 6 : 0);
        if (rows[i].found) {
            assert_int_equal(st, STATUS_OK);
            assert_string_equal(f.session.account.address, "https://new:1");
            assert_string_equal(f.session.state.address, "https://new:1");
        } else {
            assert_true(st < 0);
            assert_int_equal(f.session.state.fault, SYNC_FAULT_CONNECT);
            assert_string_equal(f.session.account.address,
                                "https://collector:1");
        }
        teardown(&f);
    }
}

static void
reads_the_id_of_an_announcement(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"id=0123456789abcdef", true},
        {"id=0123456789ABCDEF", false},
        {"id=0123456789abcde", false},
        {"id=0123456789abcdeg", false},
        {"v=1", false},
        {"", false},
    };
    static const uint8_t want[FIND_ID_BYTES] = {0x01, 0x23, 0x45, 0x67,
                                                0x89, 0xab, 0xcd, 0xef};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t id[FIND_ID_BYTES];
        harness_row(rows[i].text);
        assert_int_equal(find_read_id(rows[i].text, strlen(rows[i].text), id),
                         rows[i].good);
        if (rows[i].good) {
            assert_memory_equal(id, want, sizeof(want));
        }
    }
}

/* The kiosk's battery was empty, or somebody set the year wrong. */
static void
a_clock_wrong_by_years_loses_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        int64_t before_ms;
        int64_t after_ms; /* once the answers are delivered */
    } rows[] = {
        {"1970, then today", 0, INT64_C(1795000000000)},
        {"2106, then today", INT64_C(4294967295000), INT64_C(1795000000000)},
        {"before all time", -INT64_C(1000000000000), INT64_C(1795000000000)},
        {"today, then 1970", INT64_C(1795000000000), 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        harness_row(rows[i].label);
        setup(&f);
        f.clock.wall_ms = rows[i].before_ms;
        enrol(&f);
        answer_survey(&f, 6);
        assert_int_equal(session_run(&f.session), STATUS_OK);
        assert_int_equal(f.c.taken_count, 6);
        assert_int_equal(counts(&f).waiting, 0);
        f.clock.wall_ms = rows[i].after_ms;
        assert_int_equal(session_run(&f.session), STATUS_OK);
        answer_survey(&f, 6);
        assert_int_equal(session_run(&f.session), STATUS_OK);
        assert_int_equal(f.c.taken_count, 12);
        assert_int_equal(counts(&f).waiting, 0);
        teardown(&f);
    }
}

/* What the staff menu reads. */
static void
the_state_says_what_waits_of_which_form(void **state)
{
    (void)state;
    struct fixture f;
    struct sync_state read;
    char path[HARNESS_PATH_MAX + 16];
    setup(&f);
    enrol(&f);
    answer_survey(&f, 3); /* fewer than five stay */
    (void)snprintf(f.session.state.name, sizeof(f.session.state.name), "%s",
                   "Холл");
    assert_int_equal(session_run(&f.session), STATUS_OK);
    (void)snprintf(path, sizeof(path), "%s/sync.state", f.dir);
    assert_int_equal(sync_state_read(path, &read), STATUS_OK);
    assert_string_equal(read.name, "Холл");
    assert_int_equal(read.waiting, 3);
    assert_int_equal(read.form_count, 1);
    assert_string_equal(read.form[0].form_id, "interim");
    assert_int_equal(read.form[0].waiting, 3);
    assert_int_equal(read.form[0].least, 5);
    assert_int_equal(read.tried_day, session_today(&f.session));
    assert_int_equal(read.last_day, session_today(&f.session));
    f.c.trick = ABSENT;
    uint32_t before = read.last_day;
    harness_clock_advance(&f.clock, INT64_C(86400000) * 3);
    assert_true(session_run(&f.session) < 0);
    assert_int_equal(sync_state_read(path, &read), STATUS_OK);
    assert_int_equal(read.last_day, before);
    assert_int_equal(read.tried_day, before + 3);
    assert_int_equal(read.fault, SYNC_FAULT_CONNECT);
    teardown(&f);
}

static void
a_backlog_leaves_in_growing_steps(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    enrol(&f);
    f.c.covered = 1000000;
    answer_survey(&f, 300);
    assert_int_equal(session_run(&f.session), STATUS_OK);
    assert_int_equal(f.c.taken_count, 300);
    assert_true(f.c.smallest >= 5);
    assert_true(f.c.batches >= 3 && f.c.batches <= 6);
    assert_true(f.c.largest > SESSION_BATCH_MIN_RECORDS);
    assert_int_equal(counts(&f).waiting, 0);
    teardown(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enrols_fetches_and_delivers),
        cmocka_unit_test(fewer_than_k_stay),
        cmocka_unit_test(enrolment_refuses_what_is_not_the_codes_collector),
        cmocka_unit_test(survives_every_fault),
        cmocka_unit_test(refused_records_are_kept_and_not_sent_again),
        cmocka_unit_test(
            what_no_backup_covers_is_kept_and_sent_again_after_a_restore),
        cmocka_unit_test(held_records_go_after_their_days),
        cmocka_unit_test(
            answers_of_somebody_erased_are_freed_before_they_leave),
        cmocka_unit_test(follows_the_collector_to_its_next_keys),
        cmocka_unit_test(follows_the_collector_to_its_new_address),
        cmocka_unit_test(reads_the_id_of_an_announcement),
        cmocka_unit_test(a_clock_wrong_by_years_loses_nothing),
        cmocka_unit_test(the_state_says_what_waits_of_which_form),
        cmocka_unit_test(a_backlog_leaves_in_growing_steps),
    };
    if (seal_init() < 0) {
        return 1;
    }
    return cmocka_run_group_tests_name("daemon/session", tests, NULL, NULL);
}
