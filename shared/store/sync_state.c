#include "store/sync_state.h"

#include <string.h>

#include "base/file.h"
#include "base/pack.h"

#define STATE_VERSION 2
#define STATE_ITEMS 14
#define FORM_ITEMS 3
#define STATE_MAX_BYTES 4096
#define STATE_FILE_MODE 0644

static void
read_string(struct pack_reader *r, char *out, size_t cap)
{
    size_t len = 0;
    const char *text = pack_read_text(r, cap - 1, &len);
    memcpy(out, text, len);
    out[len] = '\0';
}

static void
read_forms(struct pack_reader *r, struct sync_state *out)
{
    out->form_count = pack_read_array(r, SYNC_STATE_FORMS_MAX);
    for (size_t i = 0; i < out->form_count; i++) {
        struct sync_form *form = &out->form[i];
        pack_expect_array(r, FORM_ITEMS);
        read_string(r, form->form_id, sizeof(form->form_id));
        form->waiting = pack_read_uint(r, UINT64_MAX);
        form->least = pack_read_uint(r, UINT64_MAX);
    }
}

enum status
sync_state_read(const char *path, struct sync_state *out)
{
    *out = (struct sync_state){.phase = SYNC_NOT_ENROLLED};
    if (!file_exists(path)) {
        return STATUS_NONE;
    }
    struct buf data;
    struct pack_reader r;
    buf_init(&data, STATE_MAX_BYTES);
    enum status st = file_read(path, &data);
    if (st == STATUS_OK) {
        pack_open(&r, data.data, data.len);
        pack_expect_array(&r, STATE_ITEMS);
        pack_expect_version(&r, STATE_VERSION);
        out->phase = (enum sync_phase)pack_read_uint(&r, SYNC_PHASE_COUNT - 1);
        out->fault = (enum sync_fault)pack_read_uint(&r, SYNC_FAULT_COUNT - 1);
        read_string(&r, out->detail, sizeof(out->detail));
        read_string(&r, out->address, sizeof(out->address));
        out->library_serial = pack_read_uint(&r, UINT64_MAX);
        out->waiting = pack_read_uint(&r, UINT64_MAX);
        out->held = pack_read_uint(&r, UINT64_MAX);
        out->refused = pack_read_uint(&r, UINT64_MAX);
        out->damaged = pack_read_uint(&r, UINT64_MAX);
        out->last_day = (uint32_t)pack_read_uint(&r, UINT32_MAX);
        out->tried_day = (uint32_t)pack_read_uint(&r, UINT32_MAX);
        read_string(&r, out->name, sizeof(out->name));
        read_forms(&r, out);
        st = pack_end(&r);
    }
    buf_deinit(&data);
    return st;
}

enum status
sync_state_write(const char *path, const struct sync_state *state)
{
    struct buf data;
    buf_init(&data, STATE_MAX_BYTES);
    pack_array(&data, STATE_ITEMS);
    pack_uint(&data, STATE_VERSION);
    pack_uint(&data, state->phase);
    pack_uint(&data, state->fault);
    pack_text(&data, state->detail);
    pack_text(&data, state->address);
    pack_uint(&data, state->library_serial);
    pack_uint(&data, state->waiting);
    pack_uint(&data, state->held);
    pack_uint(&data, state->refused);
    pack_uint(&data, state->damaged);
    pack_uint(&data, state->last_day);
    pack_uint(&data, state->tried_day);
    pack_text(&data, state->name);
    pack_array(&data, state->form_count);
    for (size_t i = 0; i < state->form_count; i++) {
        pack_array(&data, FORM_ITEMS);
        pack_text(&data, state->form[i].form_id);
        pack_uint(&data, state->form[i].waiting);
        pack_uint(&data, state->form[i].least);
    }
    enum status st = buf_status(&data);
    if (st == STATUS_OK) {
        st = file_replace(path, data.data, data.len, STATE_FILE_MODE);
    }
    buf_deinit(&data);
    return st;
}

const char *
sync_state_fault_text(enum sync_fault fault, enum i18n_lang lang)
{
    static const char *const text[SYNC_FAULT_COUNT] = {
        [SYNC_FAULT_NONE] = N_("All is well."),
        [SYNC_FAULT_NAME] =
            N_("The collector's name is not known on this network. Check the "
               "address in sync.conf and the network cable or Wi-Fi."),
        [SYNC_FAULT_CONNECT] =
            N_("The collector does not answer. Is its computer switched on "
               "and on the same network? Answers are kept until it is."),
        [SYNC_FAULT_BROKEN] =
            N_("The connection broke off. The kiosk tries again by itself."),
        [SYNC_FAULT_KEY] =
            N_("Somebody else answers at the collector's address. Nothing was "
               "sent. Check the address; if the collector was set up anew, "
               "enrol this kiosk again."),
        [SYNC_FAULT_FOREIGN] =
            N_("What answers is not a collector (perhaps a Wi-Fi login page "
               "or a proxy). Nothing was lost."),
        [SYNC_FAULT_BUSY] = N_("The collector is busy and asked to try "
                               "later. The kiosk does so by itself."),
        [SYNC_FAULT_REVOKED] =
            N_("The collector does not accept this kiosk any more. Enrol it "
               "again with a new code."),
        [SYNC_FAULT_REFUSED] =
            N_("The collector could not read what the kiosk sent. The answers "
               "are kept; look at the log."),
        [SYNC_FAULT_DISK] = N_("The kiosk's own files cannot be read or "
                               "written. Is the disk full? Look at the log."),
        [SYNC_FAULT_SIGNATURE] =
            N_("The answer is not signed by our collector, so it was not "
               "believed. Nothing was lost."),
        [SYNC_FAULT_CODE] =
            N_("The enrolment code is wrong, used or too old. Ask the "
               "coordinator for a new one."),
        [SYNC_FAULT_VERSION] = N_("The collector is newer than this kiosk. "
                                  "Update the kiosk; the answers are kept."),
        [SYNC_FAULT_TLS] =
            N_("No secure connection could be made. What answers may be no "
               "collector, or the network may be interfering."),
        [SYNC_FAULT_STICK] =
            N_("The stick cannot be read or written. Is it full, protected or "
               "pulled out? Nothing was lost; try again."),
        [SYNC_FAULT_STICK_FULL] =
            N_("The stick is full. Make room on it or take another one. "
               "Nothing was lost."),
        [SYNC_FAULT_STICK_PROTECTED] =
            N_("The stick is protected against writing. Move its little "
               "switch or take another one. Nothing was lost."),
        [SYNC_FAULT_STICK_NAME] =
            N_("On the stick there is a file named “anketa” where a folder of "
               "that name has to be. Rename it and try again. Nothing was "
               "lost."),
    };
    return i18n_text(lang, text[fault]);
}

const char *
sync_state_phase_text(enum sync_phase phase, enum i18n_lang lang)
{
    static const char *const text[SYNC_PHASE_COUNT] = {
        [SYNC_NOT_ENROLLED] = N_("not enrolled with a collector"),
        [SYNC_IDLE] = N_("in step with the collector"),
        [SYNC_TALKING] = N_("talking to the collector"),
        [SYNC_WAITING] = N_("waiting to try again"),
        [SYNC_STOPPED] = N_("stopped"),
    };
    return i18n_text(lang, text[phase]);
}
