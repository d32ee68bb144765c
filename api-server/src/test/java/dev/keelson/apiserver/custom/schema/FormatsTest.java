package dev.keelson.apiserver.custom.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {

    /** Texts are separated by semicolons. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            bsonobjectid | 507f1f77bcf86cd799439011                                          | 507f1f77bcf86cd79943901;507f1f77bcf86cd79943901g
            uri          | https://example.com/a?b=c#d;/path;*;urn:isbn:1;http://[::1]:80/;http://u:p@h/ | a/b;;http://a b/;/%zz;:80;http://[::1;http://h:port/
            email        | a@b.c;"a b"@c;Ann Lee <ann@example.com>;ä@b                       | a;a@;a..b@c;@b;a@b c
            hostname     | example.com;localhost;a-b;1st.example.com;bücher.example          | my-long-host;-a.com;a_b.com;example.c;a..com
            ipv4         | 10.0.0.1;::ffff:10.0.0.1                                          | 10.0.0.01;10.0.0.256;::1
            ipv6         | ::1;2001:db8::1;::ffff:10.0.0.1                                   | 10.0.0.1;1::2::3;fe80::1%eth0
            cidr         | 10.0.0.0/8;10.1.2.3/08;::/0                                       | 10.0.0.0;10.0.0.0/33;::/129;10.0.0.0/-1
            mac          | 01:23:45:67:89:ab;01-23-45-67-89-AB;0123.4567.89ab;01:23:45:67:89:ab:cd:ef | 01:23:45:67:89;01:23-45:67:89:ab;0123456789ab
            uuid         | 7F1ee2b0-6d3a-4ab0-9a3c-0123456789ab;7f1ee2b06d3a4ab09a3c0123456789ab | 7f1ee2b0-6d3a-4ab0-9a3c-0123456789a
            uuid3        | 7f1ee2b0-6d3a-3ab0-0a3c-0123456789ab                              | 7f1ee2b0-6d3a-4ab0-9a3c-0123456789ab
            uuid4        | 7f1ee2b0-6d3a-4ab0-9a3c-0123456789ab                              | 7f1ee2b0-6d3a-4ab0-1a3c-0123456789ab;7f1ee2b0-6d3a-5ab0-9a3c-0123456789ab
            uuid5        | 7f1ee2b0-6d3a-5ab0-Ba3c-0123456789ab                              | 7f1ee2b0-6d3a-5ab0-1a3c-0123456789ab
            isbn         | 0321751043;978-0321751041                                         | 0321751044;978-0321751042
            isbn10       | 0-321-75104-3;080442957X                                          | 978-0321751041
            isbn13       | 978 0321751041                                                    | 0321751043
            creditcard   | 4111 1111-1111.1111;378282246310005                               | 4111111111111112;1234567812345670
            ssn          | 111-11-1111;111 11 1111;111111111                                 | 11-11-1111
            hexcolor     | #FFFFFF;fff                                                       | #ffff;red
            rgbcolor     | rgb(0, 128,255)                                                   | rgb(0,0,256);rgb(01,0,0);rgba(0,0,0)
            byte         | YQ==;YWI=;YWJj                                                    | ;YQ;Y-==
            password     | anything                                                          |
            date         | 2024-02-29                                                        | 2023-02-29;24-02-28;2024-02-29T00:00:00Z
            date-time    | 2024-01-02T03:04:05Z;2024-01-02t03:04:05.123+01:00                | 2024-01-02 03:04:05Z;2024-01-02T24:00:00Z;2024-01-02T03:04:05;2024-01-02T03:04Z
            datetime     | 2024-01-02T03:04:05Z                                              | yesterday
            duration     | 1h30m;1.5s;-2us;0;22 ns;3 days;2 Weeks                            | 5;day;1x;3 fortnights
            quantity     | whatever                                                          |
            """)
    void holdForWhatKubernetesTakes(String format, String right, String wrong) {
        for (String text : right.split(";", -1)) {
            assertThat(Formats.holds(format, text)).as(text).isTrue();
        }
        for (String text : wrong == null ? new String[0] : wrong.split(";", -1)) {
            assertThat(Formats.holds(format, text)).as(text).isFalse();
        }
    }
}
