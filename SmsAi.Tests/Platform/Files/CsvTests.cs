using SmsAi.Core.Platform.Files;

namespace SmsAi.Tests.Platform.Files;

/// <summary>Cells are shown by a spreadsheet and never run.</summary>
public sealed class CsvTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("wrong date", "wrong date")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("she said \"stop\"", "\"she said \"\"stop\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("مرحبا", "مرحبا")]
    [InlineData("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\"")]
    [InlineData("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1+1", "'  =1+1")]
    [InlineData("\t=1+1", "\"'\t=1+1\"")]
    [InlineData("\r=1+1", "\"'\r=1+1\"")]
    [InlineData("＝1+1", "'＝1+1")]
    public void Cell_is_text_whatever_it_holds(string? text, string cell) => Csv.Cell(text).ShouldBe(cell);
}
