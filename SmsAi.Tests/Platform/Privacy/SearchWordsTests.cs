using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>Which words a text is found by, and where they stand. Invisible characters are written as escapes.</summary>
public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\r\n …!?", "")]
    [InlineData("Hello, World", "hello:1 world:2")]
    [InlineData("HELLO hello HeLLo", "hello:1 hello:2 hello:3")]
    [InlineData("Crème BRÛLÉE à la façon", "creme:1 brulee:2 a:3 la:4 facon:5")]
    [InlineData("Straße Ørsted Łódź Þór æther", "strasse:1 orsted:2 lodz:3 thor:4 aether:5")]
    [InlineData("İstanbul ISPARTA ılık", "istanbul:1 isparta:2 ilik:3")]
    [InlineData("ΟΔΟΣ οδός", "οδοσ:1 οδοσ:2")]
    [InlineData("Привет, Ёлка", "привет:1 елка:2")]
    [InlineData("don't snake_case", "don:1 t:2 snake:3 case:4")]
    [InlineData("4th of 3", "4th:1 of:2 3:3")]
    public void Words_are_folded_and_counted(string text, string expected) => Split(text).ShouldBe(expected);

    [Theory]
    [InlineData("nai\u0308ve", "naive:1")]
    [InlineData("na\u00EFve", "naive:1")]
    [InlineData("Z\u0351\u036B\u0343a\u0300\u0301\u0302l\u0489go", "zalgo:1")]
    [InlineData("hel\u200Blo wor\u00ADld \uFEFFagain", "hello:1 world:2 again:3")]
    [InlineData("\u202Eabc\u202C \u2066def\u2069", "abc:1 def:2")]
    [InlineData("a\u0000b\u0007c", "a:1 b:2 c:3")]
    [InlineData("one\u00A0two\u2003three\u2028four", "one:1 two:2 three:3 four:4")]
    [InlineData("broken\uD83D half \uDE00pairs", "broken:1 half:2 pairs:3")]
    [InlineData("not\uFFFEa\uFFFFcharacter\uFDD0", "not:1 a:2 character:3")]
    [InlineData("\u3164 \uFFA0 \u115F", "")]
    public void Invisible_and_broken_characters_do_no_harm(string text, string expected) => Split(text).ShouldBe(expected);

    [Theory]
    [InlineData("see you 👋🏽 at 🍕👨‍👩‍👧 night", "see:1 you:2 at:3 night:4")]
    [InlineData("1\uFE0F\u20E3 first ❤\uFE0F love", "1:1 first:2 love:3")]
    [InlineData("🇩🇪🇫🇷", "")]
    public void Emoji_are_no_words(string text, string expected) => Split(text).ShouldBe(expected);

    [Theory]
    [InlineData("שָׁלוֹם עולם", "שלום:1 עולם:2")]
    [InlineData("مَرْحَبًا بالعالم", "مرحبا:1 بالعالم:2")]
    [InlineData("رقم ٠١٧٠", "رقم:1 0170:2")]
    [InlineData("مرحـــبا", "مرحبا:1")]
    public void Right_to_left_words_lose_their_points(string text, string expected) => Split(text).ShouldBe(expected);

    [Theory]
    [InlineData("東京都へ", "東京:1 京都:2 都へ:3")]
    [InlineData("犬", "犬:1")]
    [InlineData("iPhone15を買う。", "iphone15:1 を買:2 買う:3")]
    [InlineData("ｶﾞｷﾞ", "ガギ:1")]
    [InlineData("カ\u3099キ\u3099", "ガギ:1")]
    [InlineData("ＡＢＣ１２", "abc12:1")]
    [InlineData("안녕 하세요", "안녕:1 하세요:2")]
    [InlineData("ที่นี่", "ที่นี่:1")]
    [InlineData("हिन्दी भाषा", "हिन्दी:1 भाषा:2")]
    [InlineData("𠮷野家", "𠮷野:1 野家:2")]
    [InlineData("𝐇𝐞𝐥𝐥𝐨", "hello:1")]
    public void Every_script_has_words(string text, string expected) => Split(text).ShouldBe(expected);

    [Theory]
    [InlineData("Anna.Lee+sms@Mail.Example.com now", "anna:1 lee:2 sms:3 mail:4 example:5 com:6 anna.lee+sms@mail.example.com:1+6 now:7")]
    [InlineData("https://www.example.com/a", "https:1 www:2 example:3 com:4 a:5 www.example.com:2+3")]
    [InlineData("call 0170-1234567!", "call:1 0170:2 1234567:3 01701234567:2+2")]
    [InlineData("+491701234567", "491701234567:1")]
    [InlineData("paid 1,234.50", "paid:1 1:2 234:3 50:4 123450:2+3")]
    [InlineData("on 2026-11-20 at 14:30.", "on:1 2026:2 11:3 20:4 20261120:2+3 at:5 14:6 30:7 1430:6+2")]
    [InlineData("e-mail", "e:1 mail:2")]
    [InlineData("me@home", "me:1 home:2")]
    [InlineData("one,two.", "one:1 two:2")]
    public void Addresses_hosts_and_numbers_are_terms_as_well(string text, string expected) => Split(text).ShouldBe(expected);

    [Fact]
    public void Long_word_is_cut()
    {
        var terms = SearchWords.Of(new string('a', 100));

        terms.ShouldHaveSingleItem().Text.ToString().ShouldBe(new string('a', 64));
    }

    [Fact]
    public void Long_word_is_not_cut_within_a_character() =>
        SearchWords.Of("a" + string.Concat(Enumerable.Repeat("𐐨", 60))).ShouldHaveSingleItem().Text.Length.ShouldBe(63);

    [Theory]
    [InlineData("a.")]
    [InlineData("a-")]
    [InlineData("1.")]
    [InlineData("a@")]
    [InlineData("\uFDFA")]
    [InlineData("e\u0301\u0327\u0328")]
    [InlineData("京")]
    public void Ten_thousand_characters_of_anything_take_no_time(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 10_000 / piece.Length + 1));
        var started = System.Diagnostics.Stopwatch.GetTimestamp();

        SearchWords.Of(TextFolding.Fold(text)).ShouldNotBeEmpty();

        // Tens of milliseconds; a quadratic splitter takes minutes.
        System.Diagnostics.Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Folding_twice_changes_nothing_more()
    {
        const string Text = "Crème Straße ĲSSELMEER ﬁn Ǆ İ ΟΔΟΣ ｶﾞ שָׁלוֹם １２ ½ ™ ẞ";
        var once = TextFolding.Fold(Text);

        TextFolding.Fold(once).ShouldBe(once);
    }

    private static string Split(string text) => string.Join(' ', SearchWords.Of(TextFolding.Fold(text))
        .Select(term => term.IsWhole ? $"{term.Text}:{term.Position}+{term.Words}" : $"{term.Text}:{term.Position}"));
}
