package dev.keelson.apiserver.selector;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The string syntax of label selectors, by recursive descent over its few tokens; refused in apimachinery's words. */
final class LabelSelectorParser {
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_REQUIREMENTS = 1000;
    private static final String SPECIAL = "=!(),<>";
    private static final String OPERATORS = "in, notin, =, ==, !=, gt, lt";

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
            if (!beginsRequirement()) {
                throw unexpected(", expected: !, identifier, or 'end of string'");
            }
            requirements.add(wholeRequirement());
            if (requirements.size() > MAX_REQUIREMENTS) {
                throw new SelectorException(
                        "the label selector has more than %d requirements".formatted(MAX_REQUIREMENTS));
            }
            if (atEnd()) {
                break;
            }
            expect(',', ", expected: ',' or 'end of string'");
            if (!beginsRequirement()) {
                throw unexpected(", expected: identifier after ','");
            }
        }
        return requirements;
    }

    private LabelRequirement wholeRequirement() {
        try {
            return requirement();
        } catch (SelectorException bad) {
            throw new SelectorException("unable to parse requirement: " + bad.getMessage());
        }
    }

    private LabelRequirement requirement() {
        if (take("!")) {
            return new LabelRequirement(key(), LabelRequirement.Operator.DOES_NOT_EXIST, Set.of());
        }
        String key = key();
        if (atEnd() || peek() == ',') {
            return new LabelRequirement(key, LabelRequirement.Operator.EXISTS, Set.of());
        }
        if (take("!=")) {
            return new LabelRequirement(key, LabelRequirement.Operator.NOT_IN, single());
        }
        if (take("==") || take("=")) {
            return new LabelRequirement(key, LabelRequirement.Operator.IN, single());
        }
        if (take(">")) {
            return new LabelRequirement(key, LabelRequirement.Operator.GREATER_THAN, single());
        }
        if (take("<")) {
            return new LabelRequirement(key, LabelRequirement.Operator.LESS_THAN, single());
        }
        return new LabelRequirement(key, setOperator(), set());
    }

    /** A key is judged before what follows it, at a path that Kubernetes does not know here. */
    private String key() {
        String key = word(", expected: identifier");
        LabelRequirement.refuse("<nil>", key, LabelNames.keyProblems(key));
        return key;
    }

    private LabelRequirement.Operator setOperator() {
        int start = position;
        String name = word(", expected: " + OPERATORS);
        if (name.equals("in")) {
            return LabelRequirement.Operator.IN;
        }
        if (name.equals("notin")) {
            return LabelRequirement.Operator.NOT_IN;
        }
        position = start;
        throw unexpected(", expected: " + OPERATORS);
    }

    private Set<String> single() {
        return Set.of(atEnd() || peek() == ',' ? "" : word(", expected: identifier"));
    }

    private Set<String> set() {
        expect('(', " expected: '('");
        if (atEnd() || "),".indexOf(peek()) < 0 && SPECIAL.indexOf(peek()) >= 0) {
            throw unexpected(", expected: ',', ')' or identifier");
        }
        Set<String> found = new LinkedHashSet<>();
        while (true) {
            boolean empty = !atEnd() && (peek() == ',' || peek() == ')');
            found.add(empty ? "" : word(", expected: ',', or identifier"));
            if (take(")")) {
                return found;
            }
            expect(',', ", expected: ',' or ')'");
        }
    }

    private boolean beginsRequirement() {
        return !atEnd() && (peek() == '!' && !text.startsWith("!=", position) || SPECIAL.indexOf(peek()) < 0);
    }

    private String word(String expected) {
        String word = wordHere();
        if (word.isEmpty()) {
            throw unexpected(expected);
        }
        advance(word.length());
        return word;
    }

    private String wordHere() {
        int end = position;
        while (end < text.length()
                && !Character.isWhitespace(text.charAt(end))
                && SPECIAL.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(position, end);
    }

    private boolean take(String symbol) {
        if (!text.startsWith(symbol, position)) {
            return false;
        }
        advance(symbol.length());
        return true;
    }

    private void expect(char symbol, String expected) {
        if (atEnd() || peek() != symbol) {
            throw unexpected(expected);
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
        return new SelectorException("found '%s'%s".formatted(token(), expected));
    }

    /** What stands here, as the one token that it is. */
    private String token() {
        for (String symbol : List.of("==", "!=")) {
            if (text.startsWith(symbol, position)) {
                return symbol;
            }
        }
        if (!atEnd() && SPECIAL.indexOf(peek()) >= 0) {
            return text.substring(position, position + 1);
        }
        return wordHere();
    }
}
