package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Turns objects of one version of a kind into objects of another. */
public interface Converter {

    /**
     * The objects in the wanted version, in their order. The arguments belong to the converter. May wait for a webhook.
     */
    List<ObjectNode> convert(List<ObjectNode> objects, String apiVersion);

    /** Whether it answers at once. */
    boolean atOnce();

    /** Strategy None: versions differ in name only. */
    Converter NONE = new Converter() {
        @Override
        public List<ObjectNode> convert(List<ObjectNode> objects, String apiVersion) {
            objects.forEach(object -> object.put("apiVersion", apiVersion));
            return objects;
        }

        @Override
        public boolean atOnce() {
            return true;
        }
    };
}
