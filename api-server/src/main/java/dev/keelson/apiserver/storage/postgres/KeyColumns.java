package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.ObjectKey;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** The primary key of every table that holds current objects. */
@Embeddable
record KeyColumns(@Column(name = "api_group") String apiGroup, String resource, String namespace, String name) {

    static KeyColumns of(ObjectKey key) {
        return new KeyColumns(key.group(), key.resource(), key.namespace(), key.name());
    }

    ObjectKey key() {
        return new ObjectKey(apiGroup, resource, namespace, name);
    }
}
