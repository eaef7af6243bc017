using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>Blinded terms; expected values come from Python's hmac and base64 under the key of bytes 50 to 81.</summary>
public sealed class SearchTermsTests
{
    private const string Hello = "'ua8lISuucwXA'";
    private const string World = "'HcfOOKLH7xVa'";
    private const string Muller = "'SAGOSnGv74ya'";
    private const string Tokyo = "'jLkF9VKNTXY3'";
    private const string FortyTwo = "'CLJRbRBnHYHU'";

    private static readonly SearchKey March = new(new DateOnly(2026, 3, 1), [.. Enumerable.Range(50, 32).Select(value => (byte)value)]);
    private static readonly SearchKey April = new(new DateOnly(2026, 4, 1), [.. Enumerable.Range(90, 32).Select(value => (byte)value)]);

    [Theory]
    [InlineData("Hello", Hello + ":1")]
    [InlineData("hello, Müller! Hello 42", Hello + ":1,3 " + Muller + ":2 " + FortyTwo + ":4")]
    [InlineData("東京", Tokyo + ":1")]
    [InlineData("", "")]
    [InlineData("🙂", "")]
    public void Vector_holds_blinded_terms_with_positions(string text, string expected) =>
        SearchTerms.ToVector(text, March).ShouldBe(expected);

    [Theory]
    [InlineData("hello", "(" + Hello + ")")]
    [InlineData("HELLO World", "(" + Hello + " & " + World + ")")]
    [InlineData("\"hello world\"", "((" + Hello + " <-> " + World + "))")]
    [InlineData("„hello world“ 42", "((" + Hello + " <-> " + World + ") & " + FortyTwo + ")")]
    [InlineData("hello -world", "(" + Hello + " & !" + World + ")")]
    [InlineData("hello -\"world 42\"", "(" + Hello + " & !(" + World + " <-> " + FortyTwo + "))")]
    [InlineData("hello-world", "((" + Hello + " <-> " + World + "))")]
    [InlineData("\"hello", "(" + Hello + ")")]
    [InlineData("hello\"world\"", "(" + Hello + " & " + World + ")")]
    [InlineData("\u200Ehello", "(" + Hello + ")")]
    public void Query_is_blinded_as_people_write_it(string query, string expected) =>
        SearchTerms.ToQuery(query, [March]).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("-")]
    [InlineData("\"\" - \"")]
    [InlineData("-hello")]
    [InlineData("!&|()<->:*'\\")]
    public void Query_that_names_nothing_to_find_is_empty(string query) => SearchTerms.ToQuery(query, [March]).ShouldBe("");

    [Fact]
    public void Query_is_asked_under_each_month_and_terms_differ_between_months()
    {
        var months = SearchTerms.ToQuery("hello world", [March, April]).Split(" | ");

        months.Length.ShouldBe(2);
        months[0].ShouldBe($"({Hello} & {World})");
        months[1].ShouldNotContain(Hello[1..^1]);
    }

    [Fact]
    public void Query_without_any_living_month_is_empty() => SearchTerms.ToQuery("hello", []).ShouldBe("");

    [Fact]
    public void Vector_keeps_two_hundred_terms_at_most() =>
        SearchTerms.ToVector(string.Join(' ', Enumerable.Range(0, 1_000)), March).Split(' ').Length.ShouldBe(200);

    [Fact]
    public void Search_key_of_another_size_is_refused() =>
        Should.Throw<ArgumentException>(() => new SearchKey(new DateOnly(2026, 3, 1), new byte[16]));
}
