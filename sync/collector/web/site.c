#include "collector/web/site.h"

#include "collector/web/kiosk_api.h"
#include "collector/web/page.h"
#include "collector/web/pages_summary.h"
#include "wire/batch.h"
#include "wire/bundle.h"
#include "wire/enrol.h"

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
    {"/summary/*", REQUEST_GET, false, 0, pages_summary_wave},
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
    (void)self;
    (void)rq;
    buf_printf(&rs->body, "%d\n", rs->status);
}
