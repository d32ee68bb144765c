package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.http.reply.Reply;
import java.util.Optional;

/** Answers paths that are no resources, such as discovery. Called on a virtual thread. */
public interface PathHandler {

    /** The answer, or empty when the path is not this handler's. */
    Optional<Reply> answer(PathRequest request);

    /**
     * @param path decoded, without the query
     * @param accept the Accept header
     * @param ifNoneMatch the If-None-Match header
     * @param acceptsGzip whether the answer may be compressed
     */
    record PathRequest(String path, QueryParameters query, String accept, String ifNoneMatch, boolean acceptsGzip) {}
}
