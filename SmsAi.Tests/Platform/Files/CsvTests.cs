using System.Text;
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
    [InlineData("\0=1+1", "'\0=1+1")]
    [InlineData("\u0001=1+1", "'\u0001=1+1")]
    [InlineData("\uFEFF=1+1", "'\uFEFF=1+1")]
    [InlineData("\u200B @SUM(A1)", "'\u200B @SUM(A1)")]
    [InlineData("a;b", "\"a;b\"")]
    public void Cell_is_text_whatever_it_holds(string? text, string cell) => Csv.Cell(text).ShouldBe(cell);

    [Fact]
    public void Whatever_cells_hold_a_reader_gets_them_back_as_many_as_they_were()
    {
        const string letters = "ab,;\"'\r\n\t =+-@\0\uFEFF é中";
        var random = new Random(7);

        for (var round = 0; round < 2_000; round++)
        {
            string[] cells = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(0, 8)).Select(_ => letters[random.Next(letters.Length)])))];

            var read = Read(string.Join(',', cells.Select(Csv.Cell)));

            read.Length.ShouldBe(cells.Length);
            read.Zip(cells).ShouldAllBe(pair => pair.First == pair.Second || pair.First == "'" + pair.Second);
            read.ShouldAllBe(cell => !"=+-@".Contains(cell.TrimStart(' ', '\r', '\n', '\t', '\0', '\uFEFF').FirstOrDefault('x')));
        }
    }

    /// <summary>As RFC 4180 says it: quotes hold what separates, and two of them are one.</summary>
    private static string[] Read(string line)
    {
        List<string> cells = [];
        for (var at = 0; at <= line.Length; at++)
        {
            var cell = new StringBuilder();
            if (at < line.Length && line[at] == '"')
            {
                for (at++; line[at] != '"' || (at + 1 < line.Length && line[at + 1] == '"'); at++)
                {
                    if (line[at] == '"') at++;
                    cell.Append(line[at]);
                }

                at++;
            }
            else
            {
                for (; at < line.Length && line[at] is not (',' or '\r' or '\n'); at++) cell.Append(line[at]);
            }

            cells.Add(cell.ToString());
        }

        return [.. cells];
    }
}
