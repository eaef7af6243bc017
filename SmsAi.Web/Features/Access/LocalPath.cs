namespace SmsAi.Web.Features.Access;

/// <summary>Where to go after the sign-in: a page of ours, never another site.</summary>
internal static class LocalPath
{
    private const string First = "/";

    internal static string OrFirstPage(string? wanted) => IsLocal(wanted) ? wanted! : First;

    private static bool IsLocal(string? path) =>
        path is { Length: > 0 and <= 2048 } && path[0] == '/'
        && (path.Length == 1 || path[1] is not ('/' or '\\'))
        && !path.Any(char.IsControl) && !path.Contains('\\')
        && !path.StartsWith("/sign-", StringComparison.OrdinalIgnoreCase) && !path.StartsWith("/_", StringComparison.Ordinal);
}
