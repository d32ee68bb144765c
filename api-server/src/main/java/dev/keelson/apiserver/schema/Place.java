package dev.keelson.apiserver.schema;

/** Where a value stands, as the way there: nearly every value fits its type, and then nobody asks for the words. */
sealed interface Place {

    /** With the elements of lists and the keys of maps: {@code spec.containers[0].name}. */
    String shown();

    /** The names of fields alone, as Go's errors have them: {@code spec.containers.name}. */
    String fields();

    static Place at(String path) {
        return new Start(path, path);
    }

    /** A part that is read for itself, so that the names of its fields begin at it. */
    static Place apart(String path) {
        return new Start(path, "");
    }

    default Place field(String name) {
        return new Field(this, name);
    }

    default Place item(int index) {
        return new Item(this, index);
    }

    default Place key(String name) {
        return new Key(this, name);
    }

    /** An object; a path that is empty stands for the whole. */
    record Start(String shown, String fields) implements Place {}

    /** A field of an object. */
    record Field(Place outer, String name) implements Place {
        @Override
        public String shown() {
            return below(outer.shown());
        }

        @Override
        public String fields() {
            return below(outer.fields());
        }

        private String below(String path) {
            return path.isEmpty() ? name : path + "." + name;
        }
    }

    /** An element of a list. */
    record Item(Place outer, int index) implements Place {
        @Override
        public String shown() {
            return outer.shown() + "[" + index + "]";
        }

        @Override
        public String fields() {
            return outer.fields();
        }
    }

    /** A value of a map. */
    record Key(Place outer, String name) implements Place {
        @Override
        public String shown() {
            return outer.shown() + "." + name;
        }

        @Override
        public String fields() {
            return outer.fields();
        }
    }
}
