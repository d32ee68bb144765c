package dev.keelson.apiserver.admission;

import dev.keelson.apiserver.storage.Write;
import java.util.List;

/**
 * Writes that must succeed or fail together with an object's own write, such as the reservation of its address: the
 * storage's precondition on them is what keeps two API servers from handing out one thing twice.
 */
public interface Companion {

    /**
     * Completes the request's object if needed and names the writes that belong beside it. Called after validation,
     * directly before the commit, and again when the commit met a conflict.
     */
    List<Write> beside(AdmissionRequest request);
}
