using SmsAi.Core.Features.Searching;

namespace SmsAi.Tests.Features.Searching;

/// <summary>What a found text shows of itself: a line, whatever the text is made of.</summary>
public sealed class SnippetsTests
{
    [Theory]
    [InlineData("parcel", "parcel", 200)]
    [InlineData("parcel", " parcel ", 200)]
    [InlineData("荷物", "荷物", 200)]
    [InlineData("parcel", "😀 parcel 😀", 200)]
    public void Text_that_is_one_word_of_thousands_of_letters_gives_a_line_with_the_hit(string words, string hit, int most)
    {
        foreach (var filler in (string[])["x", "字", "😀", "e\u0301"])
        {
            var around = string.Concat(Enumerable.Repeat(filler, 2400));
            // Letters of other scripts stand for themselves; Latin ones would make another word of it.
            var text = words == "荷物" ? around.Replace("x", "あ", StringComparison.Ordinal) + hit + around : $"{around} {hit} {around}";

            var parts = new Snippets(words).Of(text);

            parts.Sum(part => part.Text.Length).ShouldBeLessThan(most + 82, filler);
            parts.Where(part => part.IsHit).ShouldHaveSingleItem(filler).Text.ShouldContain(words);
            parts.Any(part => char.IsLowSurrogate(part.Text[0]) || char.IsHighSurrogate(part.Text[^1])).ShouldBeFalse(filler);
            parts[0].Text.ShouldBe("…");
            parts[^1].Text.ShouldBe("…");
        }
    }

    [Fact]
    public void Short_text_is_shown_whole()
    {
        var parts = new Snippets("parcel").Of("Where is my Parcel?");

        parts.Select(part => (part.Text, part.IsHit)).ShouldBe([("Where is my ", false), ("Parcel", true), ("?", false)]);
    }
}
