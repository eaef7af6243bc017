namespace SmsAi.Web.Platform.Shell;

/// <summary>Our style sheets in wwwroot-assets/css, in the order they are loaded: later ones may rely on earlier ones.</summary>
internal static class StyleSheets
{
    internal static IReadOnlyList<string> InOrder { get; } =
    [
        "radzen-base", "tokens", "radzen", "base", "shell", "rail", "side", "buttons", "fields", "marks", "figures", "tables", "notes", "thread",
        "charts", "dialogs", "gate", "connection", "forced-colors",
    ];
}
