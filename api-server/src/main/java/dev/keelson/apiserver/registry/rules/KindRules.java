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

/** A strategy put together from the pure functions of one kind; what a kind does not say does nothing. */
public record KindRules(
        NameRule nameRule,
        Consumer<ObjectNode> defaults,
        Consumer<ObjectNode> create,
        BiConsumer<ObjectNode, ObjectNode> update,
        BiConsumer<ObjectNode, Problems> check,
        BiConsumer<ObjectNode, Problems> checkNew,
        ChangeCheck checkChange,
        Advice advice,
        BiConsumer<ObjectNode, Warnings> adviceBefore,
        List<String> counted,
        Map<String, PartRules> parts)
        implements ResourceStrategy {

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

    public static KindRules none() {
        return new KindRules(
                NameRule.DNS_SUBDOMAIN,
                object -> {},
                object -> {},
                (updated, old) -> {},
                (object, problems) -> {},
                (object, problems) -> {},
                (updated, old, problems) -> {},
                (object, old, warnings) -> {},
                (object, warnings) -> {},
                List.of(),
                Map.of());
    }

    /** For kinds whose status is written through its own subresource: empty at first, kept by every other write. */
    public static KindRules withStatus() {
        return none().creating(object -> object.putObject("status"))
                .updating((updated, old) -> Tree.carry(updated, old, "status"));
    }

    public KindRules named(NameRule rule) {
        return new KindRules(
                rule, defaults, create, update, check, checkNew, checkChange, advice, adviceBefore, counted, parts);
    }

    public KindRules defaulting(Consumer<ObjectNode> more) {
        return new KindRules(
                nameRule,
                defaults.andThen(more),
                create,
                update,
                check,
                checkNew,
                checkChange,
                advice,
                adviceBefore,
                counted,
                parts);
    }

    public KindRules creating(Consumer<ObjectNode> more) {
        return new KindRules(
                nameRule,
                defaults,
                create.andThen(more),
                update,
                check,
                checkNew,
                checkChange,
                advice,
                adviceBefore,
                counted,
                parts);
    }

    public KindRules updating(BiConsumer<ObjectNode, ObjectNode> more) {
        return new KindRules(
                nameRule,
                defaults,
                create,
                update.andThen(more),
                check,
                checkNew,
                checkChange,
                advice,
                adviceBefore,
                counted,
                parts);
    }

    public KindRules checking(BiConsumer<ObjectNode, Problems> more) {
        return new KindRules(
                nameRule,
                defaults,
                create,
                update,
                check.andThen(more),
                checkNew,
                checkChange,
                advice,
                adviceBefore,
                counted,
                parts);
    }

    /** What holds for new objects only. */
    public KindRules checkingNew(BiConsumer<ObjectNode, Problems> more) {
        return new KindRules(
                nameRule,
                defaults,
                create,
                update,
                check,
                checkNew.andThen(more),
                checkChange,
                advice,
                adviceBefore,
                counted,
                parts);
    }

    public KindRules checkingChange(ChangeCheck more) {
        ChangeCheck both = (updated, old, problems) -> {
            checkChange.check(updated, old, problems);
            more.check(updated, old, problems);
        };
        return new KindRules(
                nameRule, defaults, create, update, check, checkNew, both, advice, adviceBefore, counted, parts);
    }

    /** Says what is wanted of an object, by dotted paths: a change of that is a new generation. */
    public KindRules counting(String... fields) {
        return new KindRules(
                nameRule,
                defaults,
                create,
                update,
                check,
                checkNew,
                checkChange,
                advice,
                adviceBefore,
                List.of(fields),
                parts);
    }

    public KindRules advising(Advice more) {
        Advice both = (object, old, warnings) -> {
            advice.give(object, old, warnings);
            more.give(object, old, warnings);
        };
        return new KindRules(
                nameRule, defaults, create, update, check, checkNew, checkChange, both, adviceBefore, counted, parts);
    }

    /** Says something about a new object as it was sent, before the server completes it. */
    public KindRules advisingBefore(BiConsumer<ObjectNode, Warnings> more) {
        return new KindRules(
                nameRule,
                defaults,
                create,
                update,
                check,
                checkNew,
                checkChange,
                advice,
                adviceBefore.andThen(more),
                counted,
                parts);
    }

    /** Adds a part that is written through a subresource of its own. */
    public KindRules writing(String subresource, BiConsumer<ObjectNode, ObjectNode> prepare, ChangeCheck checkPart) {
        Map<String, PartRules> more = new HashMap<>(parts);
        more.put(subresource, new Part(prepare, checkPart));
        return new KindRules(
                nameRule,
                defaults,
                create,
                update,
                check,
                checkNew,
                checkChange,
                advice,
                adviceBefore,
                counted,
                Map.copyOf(more));
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
