package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** The OpenAPI documents of the kinds that are served. */
public interface OpenApiDocuments {

    /** The documents there are, such as {@code api/v1} and {@code apis/apps/v1}. */
    Set<String> names();

    /** OpenAPI v3 for one group and version. */
    ObjectNode v3(String name);

    /** OpenAPI v2 for all of them. */
    ObjectNode v2();
}
