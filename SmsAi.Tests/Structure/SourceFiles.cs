using System.Text.RegularExpressions;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Structure;

/// <summary>The program's own sources, for rules that the compiler doesn't hold.</summary>
internal static partial class SourceFiles
{
    /// <summary>Files of the program with one of the endings, each with its path below the root; nothing built or fetched.</summary>
    internal static IEnumerable<(string Path, string Text)> Of(string[] folders, params string[] endings) =>
        from folder in folders
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)
        where endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal))
        let path = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
        where !NotOurs().IsMatch(path)
        orderby path
        select (path, File.ReadAllText(file));

    /// <summary>The number of the line that holds a place in a text.</summary>
    internal static int LineOf(string text, int place) => text.AsSpan(0, place).Count('\n') + 1;

    [GeneratedRegex(@"(^|/)(bin|obj|node_modules|built|_framework|vendor)/")]
    private static partial Regex NotOurs();
}
