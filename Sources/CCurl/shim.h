#pragma once
#include <curl/curl.h>

// Swift cannot call C functions with variable arguments: one inline function for each shape of option that is set or read.

static inline CURLcode bodydock_curl_setopt_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode bodydock_curl_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode bodydock_curl_setopt_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode bodydock_curl_setopt_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode bodydock_curl_setopt_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}
typedef size_t (*bodydock_curl_transfer)(char *, size_t, size_t, void *);
static inline CURLcode bodydock_curl_setopt_transfer(CURL *handle, CURLoption option, bodydock_curl_transfer value) {
    return curl_easy_setopt(handle, option, value);
}
typedef int (*bodydock_curl_progress)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
static inline CURLcode bodydock_curl_setopt_progress(CURL *handle, CURLoption option, bodydock_curl_progress value) {
    return curl_easy_setopt(handle, option, value);
}
typedef int (*bodydock_curl_seek)(void *, curl_off_t, int);
static inline CURLcode bodydock_curl_setopt_seek(CURL *handle, CURLoption option, bodydock_curl_seek value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode bodydock_curl_getinfo_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode bodydock_curl_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
