package dev.keelson.apiserver.selector;

import dev.keelson.apiserver.selector.LabelRequirement.Operator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The string syntax of label selectors, by recursive descent over its few tokens. */
final class LabelSelectorParser {
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_REQUIREMENTS = 1000;
    private static final String SPECIAL = "=!(),<>";

    private final String text;
    private int position;

    LabelSelectorParser(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new SelectorException(
                    "the label selector has %d characters; at most %d are read".formatted(text.length(), MAX_LENGTH));
        }
        this.text = text;
    }

    List<LabelRequirement> parse() {
        List<LabelRequirement> requirements = new ArrayList<>();
        skipSpace();
        while (!atEnd()) {
            requirements.add(requirement());
            if (requirements.size() > MAX_REQUIREMENTS) {
                throw new SelectorException(
                        "the label selector has more than %d requirements".formatted(MAX_REQUIREMENTS));
            }
            if (atEnd()) {
                break;
            }
            expect(',');
            if (atEnd()) {
                throw unexpected("a requirement after ','");
            }
        }
        return requirements;
    }

    private LabelRequirement requirement() {
        if (peek() == '!') {
            advance(1);
            return new LabelRequirement(word("a label key"), Operator.DOES_NOT_EXIST, Set.of());
        }
        String key = word("a label key or '!'");
        if (atEnd() || peek() == ',') {
            return new LabelRequirement(key, Operator.EXISTS, Set.of());
        }
        if (take("!=")) {
            return new LabelRequirement(key, Operator.NOT_IN, single());
        }
        if (take("==") || take("=")) {
            return new LabelRequirement(key, Operator.IN, single());
        }
        if (take(">")) {
            return new LabelRequirement(key, Operator.GREATER_THAN, single());
        }
        if (take("<")) {
            return new LabelRequirement(key, Operator.LESS_THAN, single());
        }
        return new LabelRequirement(key, setOperator(), set());
    }

    private Operator setOperator() {
        String expected = "one of '=', '!=', '==', 'in', 'notin', '<', '>' or ','";
        int start = position;
        String name = word(expected);
        if (name.equals("in")) {
            return Operator.IN;
        }
        if (name.equals("notin")) {
            return Operator.NOT_IN;
        }
        position = start;
        throw unexpected(expected);
    }

    private Set<String> single() {
        return Set.of(atEnd() || peek() == ',' ? "" : word("a label value"));
    }

    private Set<String> set() {
        expect('(');
        Set<String> found = new LinkedHashSet<>();
        while (true) {
            boolean empty = !atEnd() && (peek() == ',' || peek() == ')');
            found.add(empty ? "" : word("a label value or ')'"));
            if (atEnd()) {
                throw unexpected("',' or ')'");
            }
            if (peek() == ')') {
                advance(1);
                return found;
            }
            expect(',');
        }
    }

    private String word(String expected) {
        int start = position;
        while (!atEnd() && !Character.isWhitespace(peek()) && SPECIAL.indexOf(peek()) < 0) {
            position++;
        }
        if (start == position) {
            throw unexpected(expected);
        }
        String word = text.substring(start, position);
        skipSpace();
        return word;
    }

    private boolean take(String symbol) {
        if (!text.startsWith(symbol, position)) {
            return false;
        }
        advance(symbol.length());
        return true;
    }

    private void expect(char symbol) {
        if (atEnd() || peek() != symbol) {
            throw unexpected("'" + symbol + "'");
        }
        advance(1);
    }

    private void advance(int characters) {
        position += characters;
        skipSpace();
    }

    private void skipSpace() {
        while (!atEnd() && Character.isWhitespace(peek())) {
            position++;
        }
    }

    private char peek() {
        return text.charAt(position);
    }

    private boolean atEnd() {
        return position >= text.length();
    }

    private SelectorException unexpected(String expected) {
        String found = atEnd() ? "" : text.substring(position, Math.min(text.length(), position + 30));
        return new SelectorException(
                "unable to parse requirement: found '%s' at position %d of the label selector, expected: %s"
                        .formatted(found, position, expected));
    }
}
