using Bunit;

namespace SmsAi.Tests;

public sealed class BunitBootTests : BunitContext
{
    [Fact]
    public void Markup_is_compared_although_bUnit_was_built_against_another_AngleSharp_Diffing() =>
        Render(builder => builder.AddMarkupContent(0, "<p class=\"b a\">Live</p>")).MarkupMatches("<p class=\"a b\">Live</p>");
}
