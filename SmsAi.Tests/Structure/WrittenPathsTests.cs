using System.Text.RegularExpressions;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Structure;

/// <summary>Where the documents say something is, it is.</summary>
public sealed partial class WrittenPathsTests
{
    [Fact]
    public void Every_file_in_the_table_of_concepts_exists()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "README.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(line => Code().Matches(line).Select(match => match.Groups["text"].Value).ToList()).ToList();
        rows.Count.ShouldBeGreaterThan(20);
        rows.ShouldAllBe(paths => paths.Count > 0);
        // After its first path a row goes on from there, or from a folder above it.
        var lost = from paths in rows
                   from path in paths
                   where !Above(paths[0]).Append("").Any(folder => Exists(Path.Combine(folder, path)))
                   select path;
        lost.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_path_and_link_in_a_document_leads_somewhere(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, document));
        var links = Link().Matches(text).Select(match => match.Groups["to"].Value.Split('#')[0]).Where(to => to.Length > 0 && !to.Contains("://", StringComparison.Ordinal))
            .Select(to => Path.Combine(Path.GetDirectoryName(document)!, to));
        var paths = Code().Matches(text).Select(match => match.Groups["text"].Value).Where(code => FromTheRoot().IsMatch(code)).Select(code => code.Split(' ')[0]);
        links.Concat(paths).Where(path => !Exists(path)).ShouldBeEmpty();
    }

    public static TheoryData<string> Documents =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Above(string path)
    {
        for (var folder = path; folder is { Length: > 0 }; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    [GeneratedRegex("`(?<text>[^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(SmsAi\.(Core|Web|Tests|Bench)/|docs/|deploy/|wwwroot-assets)[\w./-]*$")]
    private static partial Regex FromTheRoot();
}
