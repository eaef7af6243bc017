using SmsAi.Core.Pipeline.Sending;

namespace SmsAi.Tests.Pipeline.Sending;

/// <summary>Making texts cheap without changing what they say, and cutting them where a reader would.</summary>
public sealed class SmsTextTests
{
    [Theory]
    [InlineData("“It’s here” – wait…", "\"It's here\" - wait...")]
    [InlineData("a\u00a0b\u2009c\td", "a b c d")]
    [InlineData("one — two ― three − four", "one - two - three - four")]
    [InlineData("‹a› «b»", "<a> \"b\"")]
    [InlineData("• milk\n• eggs", "- milk\n- eggs")]
    [InlineData("a\r\nb\rc\u2028d", "a\nb\nc\nd")]
    [InlineData("\ufeffzero\u200bwidth\u00ad \0nul\u0007", "zerowidth nul")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("½ cup, 20°C, 90°", "1/2 cup, 20 C, 90 deg")]
    [InlineData("ＡＢＣ！", "ABC!")]
    [InlineData("ﬁne → 3×4 ≥ 12™", "fine -> 3x4 >= 12(TM)")]
    [InlineData("  trimmed \n", "trimmed")]
    [InlineData("100€ [a] {b} ~ ^", "100€ [a] {b} ~ ^")]
    [InlineData("plain text stays.", "plain text stays.")]
    [InlineData("", "")]
    public void Signs_become_plain_and_cheap(string text, string expected)
    {
        var clean = SmsText.Clean(text);
        clean.ShouldBe(expected);
        Segments.Count(clean).Encoding.ShouldBe(SmsEncoding.Gsm7);
    }

    [Theory]
    [InlineData("“你好，世界”…")]
    [InlineData("It’s fun 😀")]
    [InlineData("“Não” – coração")]
    [InlineData("👨‍👩‍👧")]
    public void Text_that_stays_16_bit_keeps_its_signs(string text) => SmsText.Clean(text).ShouldBe(text);

    [Fact]
    public void Half_a_surrogate_pair_does_no_harm() => SmsText.Clean("a\ud800b").ShouldBe("a\ud800b");

    [Fact]
    public void Cleaning_twice_changes_nothing_more()
    {
        var random = new Random(20264);
        const string signs = "ab’“”–—…\u00a0\t\r\n•½°Cé\u0301漢😀\u200b\u200d";
        for (var round = 0; round < 500; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => signs[random.Next(signs.Length)]));
            var once = SmsText.Clean(text);
            SmsText.Clean(once).ShouldBe(once);
        }
    }

    [Fact]
    public void Short_text_is_left_as_it_is() => SmsText.Fit("Short.", 1).ShouldBe("Short.");

    [Fact]
    public void Long_text_is_cut_after_a_sentence()
    {
        var text = "The first sentence is long enough to be worth keeping, since it holds nearly all there is to say about the matter in question here today. And this is the second one, too long.";
        SmsText.Fit(text, 1).ShouldBe(
            "The first sentence is long enough to be worth keeping, since it holds nearly all there is to say about the matter in question here today. ...");
    }

    [Fact]
    public void Text_without_sentence_end_is_cut_after_a_word() =>
        SmsText.Fit(string.Join(' ', Enumerable.Repeat("seven77", 40)), 1)
            .ShouldBe(string.Join(' ', Enumerable.Repeat("seven77", 19)) + "...");

    [Fact]
    public void Decimal_point_is_no_sentence_end() =>
        SmsText.Fit(new string('x', 120) + " costs 3.14 and " + new string('y', 100), 1).ShouldBe(new string('x', 120) + " costs 3.14 and...");

    [Fact]
    public void Text_without_spaces_is_cut_between_letters()
    {
        SmsText.Fit(new string('a', 200), 1).ShouldBe(new string('a', 156) + "...");
        SmsText.Fit(string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 10)), 1).ShouldBe(string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 6)) + "...");
    }

    [Fact]
    public void Foreign_letter_at_the_end_does_not_halve_the_text() =>
        SmsText.Fit(new string('a', 150) + " bb " + new string('c', 20) + "ç", 1).ShouldBe(new string('a', 150) + " bb...");

    [Fact]
    public void Random_texts_always_fit_and_begin_as_they_did()
    {
        string[] letters = ["a", "b", " ", " ", ". ", "? ", "€", "ç", "😀", "👨‍👩‍👧‍👦", "e\u0301", "\r\n", "。"];
        var random = new Random(20265);
        for (var round = 0; round < 500; round++)
        {
            var kinds = random.Next(3) == 0 ? letters.Length : 7;
            var text = string.Concat(Enumerable.Range(0, random.Next(700)).Select(_ => letters[random.Next(kinds)]));
            var most = random.Next(1, 5);
            var fitted = SmsText.Fit(text, most);
            Segments.Count(fitted).Segments.ShouldBeLessThanOrEqualTo(most);
            if (fitted == text) continue;
            fitted.ShouldEndWith("...");
            text.ShouldStartWith(fitted[..^3].TrimEnd(), Case.Sensitive);
            Segments.Count(text).Segments.ShouldBeGreaterThan(most);
        }
    }

    [Fact]
    public void Nothing_fits_into_no_parts() => Should.Throw<ArgumentOutOfRangeException>(() => SmsText.Fit("a", 0));
}
