package dev.keelson.apiserver.custom.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.StructType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Types with fields, by their names. */
final class StructTypes implements CelTypeProvider {
    private final Map<String, StructType> structs = new HashMap<>();

    /** Adds a type, or replaces the one of this name. */
    StructType add(String name, Map<String, CelType> fields) {
        Map<String, CelType> known = Map.copyOf(fields);
        StructType type = StructType.create(
                name, ImmutableSet.copyOf(known.keySet()), field -> Optional.ofNullable(known.get(field)));
        structs.put(name, type);
        return type;
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.copyOf(structs.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
        return Optional.ofNullable(structs.get(name));
    }
}
