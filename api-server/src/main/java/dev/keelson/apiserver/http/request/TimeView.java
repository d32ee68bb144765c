package dev.keelson.apiserver.http.request;

/** From when a request looks at the objects that its path names. */
public sealed interface TimeView {

    /** Every ordinary request. */
    record Present() implements TimeView {}

    /** As it was: {@code moment} is a revision, an RFC 3339 time, or how long ago, such as {@code 10m}. */
    record Past(String moment) implements TimeView {}

    /** How an object became what it is. */
    record Changes() implements TimeView {}
}
