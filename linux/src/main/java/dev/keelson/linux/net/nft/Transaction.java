package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.NetlinkMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The messages of one nftables transaction on one table, between the batch's begin and end. */
final class Transaction {
    private static final int SUBSYSTEM = 10 << 8;
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    static final int FAMILY_IPV4 = 2;

    private static final int NEW_TABLE = 0;
    static final int GET_TABLE = 1;
    private static final int DELETE_TABLE = 2;
    private static final int NEW_CHAIN = 3;
    static final int GET_CHAIN = 4;
    private static final int DELETE_CHAIN = 5;
    private static final int NEW_RULE = 6;
    private static final int DELETE_RULE = 8;
    private static final int NEW_SET = 9;
    static final int GET_SET = 10;
    private static final int DELETE_SET = 11;
    private static final int NEW_ELEMENT = 12;
    static final int GET_ELEMENT = 13;
    private static final int DELETE_ELEMENT = 14;

    /** An attribute's length has 16 bits, so long lists go in several messages. */
    private static final int ELEMENTS_PER_MESSAGE = 400;

    private static final int COMMENT_BYTES = 120;

    private final String table;
    private final List<NetlinkMessage> messages = new ArrayList<>();
    private int anonymousMaps;

    Transaction(String table) {
        this.table = table;
        messages.add(batchMarker(BATCH_BEGIN));
    }

    List<NetlinkMessage> finished() {
        messages.add(batchMarker(BATCH_END));
        return messages;
    }

    void deleteTable() {
        messages.add(message("delete", "", DELETE_TABLE, 0).attribute(1, table));
    }

    void add(Change change) {
        switch (change) {
            case Change.AddTable _ ->
                messages.add(
                        message("add", "", NEW_TABLE, NetlinkMessage.CREATE).attribute(1, table));
            case Change.AddSet(NftSet set) -> addSet(set);
            case Change.AddBaseChain(Hook hook) -> addBaseChain(hook);
            case Change.AddChain(String name) ->
                messages.add(message("add chain", name, NEW_CHAIN, NetlinkMessage.CREATE)
                        .attribute(1, table)
                        .attribute(3, name));
            case Change.AddRules(Chain chain) -> chain.rules().forEach(rule -> addRule(chain.name(), rule));
            case Change.RemoveElements(NftSet set, var keys) ->
                elements(
                        "remove elements of",
                        DELETE_ELEMENT,
                        set,
                        keys,
                        (message, key) ->
                                SetMessages.writeElement(message, SetMessages.encode(set.key(), key), Value.NONE));
            case Change.AddElements(NftSet set, Map<Key, Value> elements) ->
                elements(
                        "add elements to",
                        NEW_ELEMENT,
                        set,
                        elements.keySet(),
                        (message, key) -> SetMessages.writeElement(
                                message, SetMessages.encode(set.key(), key), elements.get(key)));
            case Change.Lead(String from, String chain) -> {
                emptyChain(from);
                addRule(from, Rule.of("", new Statement.Jump(chain)));
            }
            case Change.EmptyChain(String name) -> emptyChain(name);
            case Change.RemoveSet(String name) ->
                messages.add(message("remove set", name, DELETE_SET, 0)
                        .attribute(1, table)
                        .attribute(2, name));
            case Change.RemoveChain(String name) ->
                messages.add(message("remove chain", name, DELETE_CHAIN, 0)
                        .attribute(1, table)
                        .attribute(3, name));
        }
    }

    private void addSet(NftSet set) {
        NetlinkMessage message = message("add set", set.name(), NEW_SET, NetlinkMessage.CREATE)
                .attribute(1, table)
                .attribute(2, set.name());
        SetMessages.describe(message, set);
        messages.add(message.attributeBe32(10, ++anonymousMaps));
    }

    private void addBaseChain(Hook hook) {
        String name = Ruleset.baseChain(hook);
        messages.add(message("add chain", name, NEW_CHAIN, NetlinkMessage.CREATE)
                .attribute(1, table)
                .attribute(3, name)
                .nest(4, place -> place.attributeBe32(1, hook.number()).attributeBe32(2, hook.priority()))
                .attributeBe32(5, 1)
                .attribute(7, hook.type()));
    }

    private void emptyChain(String name) {
        messages.add(
                message("empty chain", name, DELETE_RULE, 0).attribute(1, table).attribute(2, name));
    }

    private void addRule(String chain, Rule rule) {
        List<SetReference> maps = new ArrayList<>();
        for (Statement statement : rule.statements()) {
            if (statement instanceof Statement.Balance(List<Value.Target> targets)) {
                maps.add(numberedMap(NftSet.Holds.TARGET, targets));
            } else if (statement instanceof Statement.BalanceChains(List<String> chains)) {
                maps.add(numberedMap(
                        NftSet.Holds.VERDICT, chains.stream().map(Value::goTo).toList()));
            }
        }
        NetlinkMessage message = message(
                        "add rule to chain", chain, NEW_RULE, NetlinkMessage.CREATE | NetlinkMessage.APPEND)
                .attribute(1, table)
                .attribute(2, chain)
                .nest(4, list -> {
                    StatementWriter writer = new StatementWriter(new ExpressionWriter(list), maps.iterator());
                    rule.statements().forEach(writer::write);
                });
        if (!rule.comment().isEmpty()) {
            message.attribute(7, comment(rule.comment()));
        }
        messages.add(message);
    }

    /** A comment as nft itself stores it: type 0, length, text with terminator. */
    private static byte[] comment(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(ascii.length, COMMENT_BYTES);
        byte[] bytes = new byte[length + 3];
        bytes[1] = (byte) (length + 1);
        System.arraycopy(ascii, 0, bytes, 2, length);
        return bytes;
    }

    private SetReference numberedMap(NftSet.Holds holds, List<? extends Value> values) {
        SetReference map = SetReference.anonymousMap(++anonymousMaps);
        NetlinkMessage declaration = message("add map for a rule", "", NEW_SET, NetlinkMessage.CREATE)
                .attribute(1, table)
                .attribute(2, map.name());
        SetMessages.describeNumbered(declaration, holds);
        messages.add(declaration.attributeBe32(10, map.id()));
        List<Integer> numbers = IntStream.range(0, values.size()).boxed().toList();
        for (List<Integer> chunk : chunks(numbers)) {
            messages.add(message("add elements to map for a rule", "", NEW_ELEMENT, NetlinkMessage.CREATE)
                    .attribute(1, table)
                    .attribute(2, map.name())
                    .attributeBe32(4, map.id())
                    .nest(
                            3,
                            list -> chunk.forEach(number -> SetMessages.writeElement(
                                    list, SetMessages.numberedKey(number), values.get(number)))));
        }
        return map;
    }

    private void elements(
            String verb, int type, NftSet set, Collection<Key> keys, BiConsumer<NetlinkMessage, Key> element) {
        for (List<Key> chunk : chunks(List.copyOf(keys))) {
            messages.add(message(verb + " set", set.name() + " " + brief(chunk), type, NetlinkMessage.CREATE)
                    .attribute(1, table)
                    .attribute(2, set.name())
                    .nest(3, list -> chunk.forEach(key -> element.accept(list, key))));
        }
    }

    private static String brief(List<Key> keys) {
        return keys.size() <= 3 ? keys.toString() : "(%d elements)".formatted(keys.size());
    }

    private static <T> List<List<T>> chunks(List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        for (int start = 0; start < all.size(); start += ELEMENTS_PER_MESSAGE) {
            chunks.add(all.subList(start, Math.min(all.size(), start + ELEMENTS_PER_MESSAGE)));
        }
        return chunks;
    }

    private NetlinkMessage message(String verb, String object, int type, int flags) {
        String operation =
                Stream.of(verb, object).filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
        return request(operation + " in nftables table ip " + table, type, flags);
    }

    static NetlinkMessage request(String operation, int type, int flags) {
        return new NetlinkMessage(operation, SUBSYSTEM | type, flags)
                .u8(FAMILY_IPV4)
                .u8(0)
                .be16(0);
    }

    private static NetlinkMessage batchMarker(int type) {
        return new NetlinkMessage("commit nftables transaction", type, 0)
                .u8(0)
                .u8(0)
                .be16(SUBSYSTEM >> 8);
    }
}
