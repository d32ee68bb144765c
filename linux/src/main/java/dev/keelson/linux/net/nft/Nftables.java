package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.Attributes;
import dev.keelson.linux.net.Errno;
import dev.keelson.linux.net.NetlinkException;
import dev.keelson.linux.net.NetlinkMessage;
import dev.keelson.linux.net.NetlinkSocket;
import dev.keelson.linux.net.NetworkNamespace;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The nftables of one network namespace, family {@code ip} (nft(8)). A table is changed only as a whole: all changes
 * of a call are one transaction, and packets see either none or all of them.
 */
public final class Nftables implements AutoCloseable {
    private static final int GENERIC_HEADER = 4;
    private final NetlinkSocket socket;

    private Nftables(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static Nftables open(NetworkNamespace namespace) {
        return new Nftables(NetlinkSocket.open(namespace, NetlinkSocket.NETFILTER));
    }

    /** Makes the table what it should be. Answers what had to be changed; nothing when it was so already. */
    public List<Change> apply(Ruleset desired) {
        List<Change> changes = RulesetDiff.between(observe(desired), desired);
        if (!changes.isEmpty()) {
            Transaction transaction = new Transaction(desired.table());
            changes.forEach(transaction::add);
            socket.transact(transaction.finished());
        }
        return changes;
    }

    /** Deletes the table and everything in it; does nothing when there is none. */
    public void deleteTable(String table) {
        Transaction transaction = new Transaction(table);
        transaction.deleteTable();
        try {
            socket.transact(transaction.finished());
        } catch (NetlinkException failure) {
            if (failure.errno() != Errno.ENOENT) {
                throw failure;
            }
        }
    }

    /** Names of all tables of the family. */
    public Set<String> tables() {
        return dump("list nftables tables", Transaction.GET_TABLE, Function.identity()).stream()
                .map(table -> table.string(1).orElse(""))
                .collect(Collectors.toSet());
    }

    /**
     * Tables of other programs whose base chain drops forwarded packets unless a rule of theirs accepts them. No rule
     * of ours can overrule that: a packet has to be accepted everywhere.
     */
    public Set<String> tablesThatDropForwarded() {
        final int forwardHook = 2;
        final int dropPolicy = 0;
        return dump("list nftables chains", Transaction.GET_CHAIN, Function.identity()).stream()
                .filter(chain -> chain.nested(4)
                        .be32(1)
                        .filter(hook -> hook == forwardHook)
                        .isPresent())
                .filter(chain ->
                        chain.be32(5).filter(policy -> policy == dropPolicy).isPresent())
                .map(chain -> chain.string(1).orElse(""))
                .collect(Collectors.toSet());
    }

    /** Reads a table as far as it is compared with {@code desired}. */
    public ObservedTable observe(Ruleset desired) {
        String table = desired.table();
        if (!tables().contains(table)) {
            return ObservedTable.ABSENT;
        }
        Map<String, NftSet> known =
                desired.sets().stream().collect(Collectors.toMap(NftSet::name, Function.identity()));
        Map<String, Map<Key, Value>> sets = new HashMap<>();
        for (String set : names(table, Transaction.GET_SET, 1, 2)) {
            boolean anonymous = set.startsWith("__");
            if (!anonymous) {
                boolean compared =
                        known.containsKey(set) && known.get(set).timeout().isEmpty();
                sets.put(set, compared ? elements(table, known.get(set)) : Map.of());
            }
        }
        return new ObservedTable(true, names(table, Transaction.GET_CHAIN, 1, 3), sets);
    }

    private Map<Key, Value> elements(String table, NftSet set) {
        Map<Key, Value> elements = new HashMap<>();
        List<Attributes> lists = dump(
                "list elements of set %s in nftables table ip %s".formatted(set.name(), table),
                Transaction.GET_ELEMENT,
                request -> request.attribute(1, table).attribute(2, set.name()));
        for (Attributes list : lists) {
            for (byte[] bytes : list.nested(3).all(1)) {
                Attributes element = Attributes.parse(bytes);
                elements.put(SetMessages.readKey(set.key(), element), SetMessages.readValue(element));
            }
        }
        return elements;
    }

    private Set<String> names(String table, int type, int tableAttribute, int nameAttribute) {
        Set<String> names = new HashSet<>();
        for (Attributes object : dump(
                "list objects of nftables table ip " + table,
                type,
                request -> request.attribute(tableAttribute, table))) {
            if (object.string(tableAttribute).orElse("").equals(table)) {
                object.string(nameAttribute).ifPresent(names::add);
            }
        }
        return names;
    }

    private List<Attributes> dump(String operation, int type, Function<NetlinkMessage, NetlinkMessage> filter) {
        NetlinkMessage request = filter.apply(Transaction.request(operation, type, NetlinkMessage.DUMP));
        return socket.dump(request).stream()
                .map(answer ->
                        Attributes.parse(Arrays.copyOfRange(answer.body(), GENERIC_HEADER, answer.body().length)))
                .toList();
    }

    @Override
    public void close() {
        socket.close();
    }
}
