using System.Text;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Tests.Pipeline.Ledger;

public sealed class EventDataTests
{
    private static readonly EventData Data = EventData.Of(Event(
        """{"m": 9007199254740993, "why": "a \"quoted\" word", "city": "Z\u00fcrich", "empty": "", "price": 1.50, "big": 92233720368547758070, "in": {"m": 7, "why": "inner"}, "list": [1, {"m": 8}], "yes": true, "no": null, "last": -3}"""));

    [Fact]
    public void Numbers_are_read_whole_and_only_where_they_are_whole()
    {
        Data.Number("m").ShouldBe(9007199254740993);
        Data.Number("last").ShouldBe(-3);
        foreach (var other in new[] { "price", "big", "why", "in", "list", "yes", "no", "missing", "" })
            Data.Number(other).ShouldBeNull(other);
    }

    [Fact]
    public void Words_are_read_as_they_were_written()
    {
        Data.Text("why").ShouldBe("a \"quoted\" word");
        Data.Text("city").ShouldBe("Zürich");
        Data.Text("price").ShouldBe("1.50");
        Data.Text("last").ShouldBe("-3");
        foreach (var other in new[] { "empty", "in", "list", "yes", "no", "missing" })
            Data.Text(other).ShouldBeNull(other);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"m\"")]
    [InlineData("{}")]
    public void What_is_no_object_or_empty_has_no_names(string json)
    {
        EventData.Of(Event(json)).Number("m").ShouldBeNull();
        EventData.Of(Event(json)).Text("m").ShouldBeNull();
    }

    private static LedgerEvent Event(string json) => new(1, 2, 3, "received", null, Encoding.UTF8.GetBytes(json), DateTimeOffset.UnixEpoch);
}
