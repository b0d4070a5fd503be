#include "xlsform/qtype.h"

#include <string.h>

#define INPUT(name_, type_)                                      \
    {                                                            \
        .name = (name_), .control = QTYPE_INPUT, .type = (type_) \
    }
#define UPLOAD(name_, media_)                                       \
    {                                                               \
        .name = (name_), .control = QTYPE_UPLOAD, .type = "binary", \
        .mediatype = (media_)                                       \
    }
#define SELECT(name_, control_)                                  \
    {                                                            \
        .name = (name_), .control = (control_), .type = "string" \
    }
#define NOTE(name_)                                                \
    {                                                              \
        .name = (name_), .control = QTYPE_INPUT, .type = "string", \
        .readonly = "true()"                                       \
    }
#define ACKNOWLEDGE(name_)                                          \
    {                                                               \
        .name = (name_), .control = QTYPE_TRIGGER, .type = "string" \
    }
#define PRELOAD(name_, type_, preload_, params_)                 \
    {                                                            \
        .name = (name_), .control = QTYPE_NONE, .type = (type_), \
        .preload = (preload_), .preload_params = (params_)       \
    }
#define PROPERTY(name_, property_) \
    PRELOAD(name_, "string", "property", property_)
#define DAYS(name_, constraint_, hint_)                         \
    {                                                           \
        .name = (name_), .control = QTYPE_INPUT, .type = "int", \
        .constraint = (constraint_), .hint = (hint_)            \
    }

static const struct qtype types[] = {
    INPUT("text", "string"),
    INPUT("string", "string"),
    INPUT("q string", "string"),
    INPUT("add text prompt", "string"),
    INPUT("integer", "int"),
    INPUT("int", "int"),
    INPUT("q int", "int"),
    INPUT("add integer prompt", "int"),
    INPUT("decimal", "decimal"),
    INPUT("q decimal", "decimal"),
    INPUT("add decimal prompt", "decimal"),
    INPUT("date", "date"),
    INPUT("q date", "date"),
    INPUT("add date prompt", "date"),
    INPUT("time", "time"),
    INPUT("dateTime", "dateTime"),
    INPUT("datetime", "dateTime"),
    INPUT("date time", "dateTime"),
    INPUT("q dateTime", "dateTime"),
    INPUT("q date time", "dateTime"),
    INPUT("add dateTime prompt", "dateTime"),
    INPUT("add date time prompt", "dateTime"),
    INPUT("barcode", "barcode"),
    INPUT("q barcode", "barcode"),
    INPUT("add barcode prompt", "barcode"),
    INPUT("geopoint", "geopoint"),
    INPUT("geotrace", "geotrace"),
    INPUT("geoshape", "geoshape"),
    INPUT("location", "geopoint"),
    INPUT("q location", "geopoint"),
    INPUT("q geopoint", "geopoint"),
    INPUT("add location prompt", "geopoint"),
    INPUT("gps", "geopoint"),
    NOTE("note"),
    NOTE("q note"),
    NOTE("add note prompt"),
    ACKNOWLEDGE("acknowledge"),
    ACKNOWLEDGE("q acknowledge"),
    ACKNOWLEDGE("add acknowledge prompt"),
    {.name = "trigger", .control = QTYPE_TRIGGER},
    SELECT("select one", QTYPE_SELECT1),
    SELECT("select one from", QTYPE_SELECT1),
    SELECT("select one using", QTYPE_SELECT1),
    SELECT("select1", QTYPE_SELECT1),
    SELECT("q select1", QTYPE_SELECT1),
    SELECT("add select one prompt using", QTYPE_SELECT1),
    SELECT("select one external", QTYPE_INPUT),
    SELECT("select all that apply", QTYPE_SELECT),
    SELECT("select all that apply from", QTYPE_SELECT),
    SELECT("select multiple from", QTYPE_SELECT),
    SELECT("select multiple using", QTYPE_SELECT),
    SELECT("q select", QTYPE_SELECT),
    SELECT("add select multiple prompt using", QTYPE_SELECT),
    {.name = "rank", .control = QTYPE_RANK, .type = "odk:rank"},
    {.name = "range", .control = QTYPE_RANGE, .type = "int"},
    UPLOAD("photo", "image/*"),
    UPLOAD("image", "image/*"),
    UPLOAD("q picture", "image/*"),
    UPLOAD("q image", "image/*"),
    UPLOAD("add image prompt", "image/*"),
    UPLOAD("audio", "audio/*"),
    UPLOAD("q audio", "audio/*"),
    UPLOAD("add audio prompt", "audio/*"),
    UPLOAD("video", "video/*"),
    UPLOAD("q video", "video/*"),
    UPLOAD("add video prompt", "video/*"),
    UPLOAD("file", "application/*"),
    UPLOAD("q file", "application/*"),
    UPLOAD("add file prompt", "application/*"),
    {.name = "osm",
     .control = QTYPE_OSM,
     .type = "binary",
     .mediatype = "osm/*"},
    {.name = "calculate", .type = "string"},
    {.name = "q calculate", .type = "string"},
    {.name = "add calculate prompt", .type = "string"},
    {.name = "hidden", .type = "string"},
    {.name = "audit", .type = "binary"},
    {.name = "start-geopoint", .control = QTYPE_ACTION, .type = "geopoint"},
    {.name = "background-geopoint",
     .control = QTYPE_ACTION,
     .type = "geopoint"},
    {.name = "background-audio", .control = QTYPE_ACTION, .type = "binary"},
    {.name = "xml-external", .control = QTYPE_EXTERNAL},
    {.name = "csv-external", .control = QTYPE_EXTERNAL},
    PRELOAD("start", "dateTime", "timestamp", "start"),
    PRELOAD("start time", "dateTime", "timestamp", "start"),
    PRELOAD("get start time", "dateTime", "timestamp", "start"),
    PRELOAD("end", "dateTime", "timestamp", "end"),
    PRELOAD("end time", "dateTime", "timestamp", "end"),
    PRELOAD("get end time", "dateTime", "timestamp", "end"),
    PRELOAD("today", "date", "date", "today"),
    PRELOAD("get today", "date", "date", "today"),
    PROPERTY("deviceid", "deviceid"),
    PROPERTY("imei", "deviceid"),
    PROPERTY("device id", "deviceid"),
    PROPERTY("get device id", "deviceid"),
    PROPERTY("simserial", "simserial"),
    PROPERTY("sim id", "simserial"),
    PROPERTY("get sim id", "simserial"),
    PROPERTY("subscriberid", "subscriberid"),
    PROPERTY("subscriber id", "subscriberid"),
    PROPERTY("get subscriber id", "subscriberid"),
    PROPERTY("phonenumber", "phonenumber"),
    PROPERTY("get phone number", "phonenumber"),
    PROPERTY("username", "username"),
    PROPERTY("email", "email"),
    PROPERTY("uri:deviceid", "uri:deviceid"),
    PROPERTY("uri:simserial", "uri:simserial"),
    PROPERTY("uri:subscriberid", "uri:subscriberid"),
    PROPERTY("uri:phonenumber", "uri:phonenumber"),
    PROPERTY("uri:username", "uri:username"),
    PROPERTY("uri:email", "uri:email"),
    {.name = "phone number",
     .control = QTYPE_INPUT,
     .type = "string",
     .constraint = "regex(., '^\\d*$')",
     .hint = "Enter numbers only."},
    DAYS("percentage", "0 <= . and . <= 100", NULL),
    DAYS("number of days in last month", "0 <= . and . <= 31",
         "Enter a number 0-31."),
    DAYS("number of days in last six months", "0 <= . and . <= 183",
         "Enter a number 0-183."),
    DAYS("number of days in last year", "0 <= . and . <= 365",
         "Enter a number 0-365."),
};

const struct qtype *
qtype_find(const char *name)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(types[i].name, name) == 0) {
            return &types[i];
        }
    }
    return NULL;
}

const char *
qtype_tag(const struct qtype *t)
{
    switch (t->control) {
    case QTYPE_INPUT:
        return "input";
    case QTYPE_TRIGGER:
        return "trigger";
    case QTYPE_UPLOAD:
    case QTYPE_OSM:
        return "upload";
    case QTYPE_SELECT1:
        return "select1";
    case QTYPE_SELECT:
        return "select";
    case QTYPE_RANK:
        return "odk:rank";
    case QTYPE_RANGE:
        return "range";
    case QTYPE_NONE:
    case QTYPE_ACTION:
    case QTYPE_EXTERNAL:
        break;
    }
    return NULL;
}

const char *const *
qtype_known(void)
{
    static const char *const known[] = {"text",
                                        "integer",
                                        "decimal",
                                        "date",
                                        "time",
                                        "dateTime",
                                        "note",
                                        "calculate",
                                        "range",
                                        "acknowledge",
                                        "hidden",
                                        "barcode",
                                        "image",
                                        "audio",
                                        "video",
                                        "file",
                                        "geopoint",
                                        "geotrace",
                                        "geoshape",
                                        "start",
                                        "end",
                                        "today",
                                        "deviceid",
                                        "username",
                                        "email",
                                        "phonenumber",
                                        "audit",
                                        "begin_group",
                                        "end_group",
                                        "begin_repeat",
                                        "end_repeat",
                                        "begin group",
                                        "end group",
                                        "begin repeat",
                                        "end repeat",
                                        "start-geopoint",
                                        "xml-external",
                                        "csv-external",
                                        "background-audio",
                                        NULL};
    return known;
}
