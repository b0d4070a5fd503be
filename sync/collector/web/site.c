#include "collector/web/site.h"

#include <string.h>

#include "collector/openrosa/openrosa.h"
#include "collector/web/conclusions.h"
#include "collector/web/json_api.h"
#include "collector/web/kiosk_api.h"
#include "collector/web/opening.h"
#include "collector/web/openrosa_api.h"
#include "collector/web/page.h"
#include "collector/web/pages_account.h"
#include "collector/web/pages_backup.h"
#include "collector/web/pages_bank.h"
#include "collector/web/pages_documents.h"
#include "collector/web/pages_forms.h"
#include "collector/web/pages_indicators.h"
#include "collector/web/pages_keys.h"
#include "collector/web/pages_kiosk_settings.h"
#include "collector/web/pages_kiosks.h"
#include "collector/web/pages_meetings.h"
#include "collector/web/pages_openrosa.h"
#include "collector/web/pages_pair.h"
#include "collector/web/pages_pairs.h"
#include "collector/web/pages_people.h"
#include "collector/web/pages_preview.h"
#include "collector/web/pages_remarks.h"
#include "collector/web/pages_roadmap.h"
#include "collector/web/pages_session.h"
#include "collector/web/pages_slips.h"
#include "collector/web/pages_stick.h"
#include "collector/web/pages_summary.h"
#include "collector/web/pages_tokens.h"
#include "collector/web/pages_training.h"
#include "collector/web/pages_votes.h"
#include "collector/web/visit.h"
#include "wire/batch.h"
#include "wire/bundle.h"
#include "wire/enrol.h"

#define FIELDS_MAX_BYTES ((size_t)16384)
/* Topics of everybody at a meeting, as a browser encodes them. */
#define MEETING_MAX_BYTES ((size_t)256 * 1024)

static void
style(void *self, const struct request *rq, struct response *rs)
{
    (void)self;
    (void)rq;
    size_t len = 0;
    const char *css = page_css(&len);
    rs->type = "text/css; charset=utf-8";
    response_header(rs, "Cache-Control", "public, max-age=31536000, immutable");
    buf_put(&rs->body, css, len);
}

static const struct server_route routes[] = {
    {KIOSK_API_BATCH, REQUEST_POST, false, BATCH_MAX_BYTES, kiosk_api_batch},
    {KIOSK_API_LIBRARY, REQUEST_POST, false, BUNDLE_REQUEST_MAX_BYTES,
     kiosk_api_library},
    {KIOSK_API_ENROL, REQUEST_POST, false, ENROL_MAX_BYTES, kiosk_api_enrol},
    {KIOSK_API_IDENTITY, REQUEST_GET, false, 0, kiosk_api_identity},
    {PAGE_CSS_PATH, REQUEST_GET, false, 0, style},
    {"/", REQUEST_GET, false, 0, pages_summary_list},
    {OPENROSA_API_PATH "*", REQUEST_GET | REQUEST_POST, true,
     OPENROSA_CONTENT_MAX_BYTES, openrosa_api},
    {"/remarks/*", REQUEST_GET | REQUEST_POST, true,
     PAGES_REMARKS_BODY_MAX_BYTES, pages_remarks},
    {"/conclusions/*", REQUEST_GET | REQUEST_POST, true,
     CONCLUSIONS_BODY_MAX_BYTES, conclusions_page},
    {"/summary/*", REQUEST_GET, false, 0, pages_summary_wave},
    {"/sign-in", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_account_sign_in},
    {"/sign-out", REQUEST_POST, true, FIELDS_MAX_BYTES, pages_account_sign_out},
    {"/questionnaires", REQUEST_GET | REQUEST_POST, true,
     PAGES_FORMS_UPLOAD_MAX_BYTES, pages_forms_list},
    {"/questionnaires/preview/*", REQUEST_GET, false, 0, pages_preview},
    {"/questionnaires/*", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_forms_one},
    {"/waves/close", REQUEST_POST, true, FIELDS_MAX_BYTES, pages_forms_close},
    {"/waves/cancel", REQUEST_POST, true, FIELDS_MAX_BYTES, opening_cancel},
    {"/waves/link", REQUEST_POST, true, FIELDS_MAX_BYTES, pages_forms_link},
    {"/slips/*", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_slips},
    {"/meetings", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_meetings_list},
    {"/meetings/*", REQUEST_GET | REQUEST_POST, true, MEETING_MAX_BYTES,
     pages_meetings_one},
    {"/roadmap", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_roadmap},
    {"/roadmap.ics", REQUEST_GET, false, 0, pages_roadmap_calendar},
    {"/roadmap/*", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_roadmap_one},
    {"/documents", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_documents_list},
    {"/documents/*", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_documents_one},
    {"/training", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_training_list},
    {"/training/certificates", REQUEST_GET, false, 0,
     pages_training_certificates},
    {"/training/certificates.csv", REQUEST_GET, false, 0,
     pages_training_certificates},
    {"/training/*", REQUEST_GET | REQUEST_POST, true,
     PAGES_SESSION_BODY_MAX_BYTES, pages_session},
    {"/votes/*", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_votes},
    {"/bank/*", REQUEST_GET | REQUEST_POST, true, 65536, pages_bank},
    {"/people", REQUEST_GET, false, 0, pages_people_list},
    {"/people/slips", REQUEST_POST, true, FIELDS_MAX_BYTES, pages_people_slips},
    {"/people/import", REQUEST_GET | REQUEST_POST, true,
     PAGES_PEOPLE_IMPORT_MAX_BYTES, pages_people_import},
    {"/people/*", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_people_one},
    {"/pairs", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_pairs_list},
    {"/pairs/*", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_pair},
    {"/indicators", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_indicators},
    {"/kiosks", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_kiosks_list},
    {"/kiosks/settings", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_kiosk_settings},
    {"/kiosks/revoke", REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_kiosks_revoke},
    {"/stick", REQUEST_GET | REQUEST_POST, true, PAGES_STICK_UPLOAD_MAX_BYTES,
     pages_stick},
    {"/stick/receipt", REQUEST_POST, true, PAGES_STICK_RECEIPT_MAX_BYTES,
     pages_stick_receipt},
    {"/stick/library", REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_stick_library},
    {"/backup", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_backup},
    {"/backup/sheet", REQUEST_POST, true, FIELDS_MAX_BYTES, pages_backup_sheet},
    {"/keys", REQUEST_GET, false, 0, pages_keys},
    {"/keys/renew", REQUEST_POST, true, FIELDS_MAX_BYTES, pages_keys_renew},
    {"/users", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_account_users},
    {"/users/change", REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_account_change},
    {PAGES_OPENROSA_PATH, REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_openrosa},
    {PAGES_OPENROSA_PATH "/*", REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_openrosa_change},
    {"/tokens", REQUEST_GET | REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_tokens},
    {"/tokens/revoke", REQUEST_POST, true, FIELDS_MAX_BYTES,
     pages_tokens_revoke},
    {JSON_API_PREFIX "v1/waves", REQUEST_GET, false, 0, json_api_waves},
    {JSON_API_PREFIX "v1/waves/*", REQUEST_GET, false, 0, json_api_wave},
    {"/audit", REQUEST_GET, false, 0, pages_account_audit},
};

const struct server_route *
site_routes(size_t *out_count)
{
    *out_count = sizeof(routes) / sizeof(routes[0]);
    return routes;
}

void
site_explain(void *self, const struct request *rq, struct response *rs)
{
    /* A kiosk reads the number alone. */
    if (strncmp(rq->path, "/sync/", 6) == 0) {
        return;
    }
    if (strncmp(rq->path, OPENROSA_API_PATH, sizeof(OPENROSA_API_PATH) - 1)
        == 0) {
        openrosa_api_explain(rq, rs);
        return;
    }
    if (strncmp(rq->path, JSON_API_PREFIX, strlen(JSON_API_PREFIX)) == 0) {
        json_api_explain(rs);
        return;
    }
    struct visit v;
    int status = rs->status;
    if (!visit_begin(&v, self, rq, rs, VISIT_SIGN_IN)) {
        return;
    }
    if (status == 400) {
        visit_message(&v, status, visit_text(&v, "Please try again"),
                      visit_text(&v, "The form did not come whole. Open the "
                                     "page anew and send it once more."));
    } else if (status == 413) {
        visit_message(&v, status, visit_text(&v, "Too large"),
                      visit_text(&v, "The file is larger than this page "
                                     "takes."));
    } else if (status == 503) {
        visit_message(&v, status, visit_text(&v, "Busy"),
                      visit_text(&v, "The collector is busy. Try again in a "
                                     "moment."));
    } else {
        visit_missing(&v);
        rs->status = status;
    }
    visit_end(&v);
}
