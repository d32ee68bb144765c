package dev.keelson.apiserver.custom.schema;

import com.google.re2j.Pattern;

/** Numbers that end in a digit computed from the others. */
final class CheckDigits {
    private static final Pattern ISBN_10 = Pattern.compile("[0-9]{9}[0-9X]");
    private static final Pattern ISBN_13 = Pattern.compile("[0-9]{13}");
    /** The issuers that are known, each with its length. */
    private static final Pattern CARD = Pattern.compile("4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}"
            + "|6(?:011|5[0-9]{2})[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}"
            + "|(?:2131|1800|35[0-9]{3})[0-9]{11}");

    private CheckDigits() {}

    static boolean isbn10(String text) {
        String digits = text.replaceAll("[\\s-]+", "");
        if (!ISBN_10.matcher(digits).matches()) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += (i + 1) * (digits.charAt(i) == 'X' ? 10 : digits.charAt(i) - '0');
        }
        return sum % 11 == 0;
    }

    static boolean isbn13(String text) {
        String digits = text.replaceAll("[\\s-]+", "");
        if (!ISBN_13.matcher(digits).matches()) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return sum % 10 == 0;
    }

    /** Whatever else stands between the digits is left out. */
    static boolean creditCard(String text) {
        String digits = text.replaceAll("[^0-9]+", "");
        if (!CARD.matcher(digits).matches()) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int counted = i % 2 == 0 ? digit : 2 * digit;
            sum += counted > 9 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }
}
