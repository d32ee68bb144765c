package dev.keelson.apiserver.schema.generate;

import static dev.keelson.apiserver.schema.generate.WrittenDefinitions.metadata;
import static dev.keelson.apiserver.schema.generate.WrittenDefinitions.property;

import java.util.Map;

/** The types of a {@code Transaction} of {@code keelson.dev/v1}. */
final class TransactionDefinitions {
    private TransactionDefinitions() {}

    static Map<String, Definition> all() {
        WrittenDefinitions written = new WrittenDefinitions("dev.keelson.v1.");
        written.kind(
                "Transaction",
                "Writes several objects in one commit: all of them or none. It is answered and not stored.",
                metadata("ObjectMeta"),
                written.one("spec", "TransactionSpec", "What is written.", true),
                written.one("status", "TransactionStatus", "What came of it; filled in by the server.", false));
        written.define(
                "TransactionSpec",
                "What a transaction writes.",
                written.listOf(
                        "operations",
                        "TransactionOperation",
                        "At most 100 operations, each on another object. They see the state before the transaction."));
        written.define(
                "TransactionOperation",
                "One write. Exactly one of the fields is set, to an object with its apiVersion and kind.",
                property("create", "any", "A new object.", false),
                property("update", "any", "The whole new state of an object.", false),
                property("apply", "any", "Fields of an object, by server-side apply.", false),
                property(
                        "delete",
                        "any",
                        "An object that goes; its uid and resourceVersion, when given, are preconditions.",
                        false));
        written.define(
                "TransactionStatus",
                "What came of a transaction.",
                property("revision", "string", "The revision of the last write.", false),
                property("objects", "[any", "What each operation alone would have answered.", false));
        return written.all();
    }
}
