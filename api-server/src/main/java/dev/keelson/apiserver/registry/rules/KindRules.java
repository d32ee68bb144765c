package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.JsonNumbers;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.PartRules;
import dev.keelson.apiserver.registry.ResourceStrategy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A strategy put together from the pure functions of one kind; what a kind does not say does nothing. Never changed. */
public final class KindRules implements ResourceStrategy {
    private static final KindRules NONE = new KindRules();

    // Set while a copy is made, by with() alone.
    private NameRule nameRule = NameRule.DNS_SUBDOMAIN;
    private Consumer<ObjectNode> defaults = object -> {};
    private Consumer<ObjectNode> create = object -> {};
    private BiConsumer<ObjectNode, ObjectNode> update = (updated, old) -> {};
    private BiConsumer<ObjectNode, Problems> check = (object, problems) -> {};
    private BiConsumer<ObjectNode, Problems> checkNew = (object, problems) -> {};
    private ChangeCheck checkChange = (updated, old, problems) -> {};
    private Advice advice = (object, old, warnings) -> {};
    private BiConsumer<ObjectNode, Warnings> adviceBefore = (object, warnings) -> {};
    private List<String> counted = List.of();
    private Map<String, PartRules> parts = Map.of();

    /** Judges the change from an old state. */
    @FunctionalInterface
    public interface ChangeCheck {
        void check(ObjectNode updated, ObjectNode old, Problems problems);
    }

    /** Says what somebody should know about a write that succeeds; the old state is empty when the object is new. */
    @FunctionalInterface
    public interface Advice {
        void give(ObjectNode object, Optional<ObjectNode> old, Warnings warnings);
    }

    private KindRules() {}

    private KindRules(KindRules from) {
        nameRule = from.nameRule;
        defaults = from.defaults;
        create = from.create;
        update = from.update;
        check = from.check;
        checkNew = from.checkNew;
        checkChange = from.checkChange;
        advice = from.advice;
        adviceBefore = from.adviceBefore;
        counted = from.counted;
        parts = from.parts;
    }

    private KindRules with(Consumer<KindRules> difference) {
        KindRules copy = new KindRules(this);
        difference.accept(copy);
        return copy;
    }

    public static KindRules none() {
        return NONE;
    }

    /** For kinds whose status is written through its own subresource: empty at first, kept by every other write. */
    public static KindRules withStatus() {
        return none().creating(object -> object.putObject("status"))
                .updating((updated, old) -> Tree.carry(updated, old, "status"));
    }

    public KindRules named(NameRule rule) {
        return with(copy -> copy.nameRule = rule);
    }

    public KindRules defaulting(Consumer<ObjectNode> more) {
        return with(copy -> copy.defaults = defaults.andThen(more));
    }

    public KindRules creating(Consumer<ObjectNode> more) {
        return with(copy -> copy.create = create.andThen(more));
    }

    public KindRules updating(BiConsumer<ObjectNode, ObjectNode> more) {
        return with(copy -> copy.update = update.andThen(more));
    }

    public KindRules checking(BiConsumer<ObjectNode, Problems> more) {
        return with(copy -> copy.check = check.andThen(more));
    }

    /** What holds for new objects only. */
    public KindRules checkingNew(BiConsumer<ObjectNode, Problems> more) {
        return with(copy -> copy.checkNew = checkNew.andThen(more));
    }

    public KindRules checkingChange(ChangeCheck more) {
        return with(copy -> copy.checkChange = (updated, old, problems) -> {
            checkChange.check(updated, old, problems);
            more.check(updated, old, problems);
        });
    }

    /** Says what is wanted of an object, by dotted paths: a change of that is a new generation. */
    public KindRules counting(String... fields) {
        return with(copy -> copy.counted = List.of(fields));
    }

    public KindRules advising(Advice more) {
        return with(copy -> copy.advice = (object, old, warnings) -> {
            advice.give(object, old, warnings);
            more.give(object, old, warnings);
        });
    }

    /** Says something about a new object as it was sent, before the server completes it. */
    public KindRules advisingBefore(BiConsumer<ObjectNode, Warnings> more) {
        return with(copy -> copy.adviceBefore = adviceBefore.andThen(more));
    }

    /** Adds a part that is written through a subresource of its own. */
    public KindRules writing(String subresource, BiConsumer<ObjectNode, ObjectNode> prepare, ChangeCheck checkPart) {
        Map<String, PartRules> more = new HashMap<>(parts);
        more.put(subresource, new Part(prepare, checkPart));
        return with(copy -> copy.parts = Map.copyOf(more));
    }

    /** Says what of a status that is written alone is judged; nothing else is then. */
    public KindRules checkingStatus(ChangeCheck checkStatus) {
        return writing("status", (updated, old) -> {}, checkStatus);
    }

    private record Part(BiConsumer<ObjectNode, ObjectNode> preparation, ChangeCheck checkPart) implements PartRules {
        @Override
        public void prepare(ObjectNode updated, ObjectNode old) {
            preparation.accept(updated, old);
        }

        @Override
        public List<FieldError> validate(ObjectNode updated, ObjectNode old) {
            return problems(checkPart, updated, old);
        }
    }

    private static List<FieldError> problems(ChangeCheck check, ObjectNode updated, ObjectNode old) {
        Problems problems = new Problems();
        check.check(updated, old, problems);
        return problems.list();
    }

    @Override
    public NameRule nameRule() {
        return nameRule;
    }

    @Override
    public Optional<PartRules> part(String subresource) {
        return Optional.ofNullable(parts.get(subresource));
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        defaults.accept(object);
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        create.accept(object);
    }

    @Override
    public void prepareForUpdate(ObjectNode updated, ObjectNode old) {
        update.accept(updated, old);
    }

    @Override
    public boolean hasGenerations() {
        return !counted.isEmpty();
    }

    @Override
    public boolean raisesGeneration(ObjectNode updated, ObjectNode old) {
        return counted.stream().map(path -> path.split("\\.")).anyMatch(path -> {
            JsonNode now = Tree.at(updated, path);
            JsonNode then = Tree.at(old, path);
            return !Tree.same(now, then) && !now.equals(JsonNumbers::compare, then);
        });
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Problems problems = new Problems();
        check.accept(object, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        Problems problems = new Problems();
        check.andThen(checkNew).accept(object, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode updated, ObjectNode old) {
        return problems(checkChange, updated, old);
    }

    @Override
    public List<String> warnings(ObjectNode object, Optional<ObjectNode> old) {
        Warnings warnings = new Warnings();
        advice.give(object, old, warnings);
        return warnings.list();
    }

    @Override
    public List<String> warningsBeforeCreation(ObjectNode object) {
        Warnings warnings = new Warnings();
        adviceBefore.accept(object, warnings);
        return warnings.list();
    }
}
