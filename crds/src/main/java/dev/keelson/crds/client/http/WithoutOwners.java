package dev.keelson.crds.client.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;

/**
 * Passes over {@code metadata.managedFields} of the object in a watch event: often half of an object, and nobody who watches
 * asks who owns which field.
 */
final class WithoutOwners extends JsonParserDelegate {
    private static final String FIELD = "managedFields";

    WithoutOwners(JsonParser event) {
        super(event);
    }

    @Override
    public JsonToken nextToken() throws IOException {
        JsonToken token = delegate.nextToken();
        while (token == JsonToken.FIELD_NAME && FIELD.equals(delegate.currentName()) && inMetadata()) {
            delegate.nextToken();
            delegate.skipChildren();
            token = delegate.nextToken();
        }
        return token;
    }

    private boolean inMetadata() {
        JsonStreamContext object = delegate.getParsingContext().getParent();
        return "metadata".equals(object.getCurrentName())
                && object.getParent().getParent().inRoot();
    }
}
