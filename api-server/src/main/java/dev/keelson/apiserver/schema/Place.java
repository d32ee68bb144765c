package dev.keelson.apiserver.schema;

/**
 * Where a value stands.
 *
 * @param shown with the elements of lists and the keys of maps: {@code spec.containers[0].name}
 * @param fields the names of fields alone, as Go's errors have them: {@code spec.containers.name}
 */
record Place(String shown, String fields) {
    static Place at(String path) {
        return new Place(path, path);
    }

    Place field(String name) {
        return shown.isEmpty() ? at(name) : new Place(shown + "." + name, fields + "." + name);
    }

    Place item(int index) {
        return new Place(shown + "[" + index + "]", fields);
    }

    Place key(String name) {
        return new Place(shown + "." + name, fields);
    }
}
