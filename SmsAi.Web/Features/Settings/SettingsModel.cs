using SmsAi.Core.Features.Settings;

namespace SmsAi.Web.Features.Settings;

/// <summary>Every setting with the value in force, those that are looked for, and the history of the one that is open.</summary>
public sealed class SettingsModel(SettingReader reader)
{
    private static readonly string[] GroupOrder = ["Model", "Answers", "Loop guard", "Money", "Carrier", "Road", "Access and privacy", "Connections and files", "Sandbox"];

    private IReadOnlyList<SettingView>? _all;

    /// <summary>False before the first reading.</summary>
    public bool IsRead => _all is not null;

    public IReadOnlyList<SettingChange> History { get; private set; } = [];

    public async Task LoadAsync(string? open, CancellationToken cancel)
    {
        _all = await reader.ReadAsync(cancel);
        History = open is null ? [] : await reader.HistoryAsync(open, cancel);
    }

    public SettingView? Find(string key) => _all?.FirstOrDefault(view => view.Setting.Key == key);

    /// <summary>Those that fit, by group; what can be changed here first.</summary>
    /// <param name="show">live: what can be changed here; set: what differs from the default; else all.</param>
    public IReadOnlyList<IGrouping<string, SettingView>> Groups(string? words, string? show) =>
    [
        .. (_all ?? []).Where(view => Fits(view, words) && show switch
            {
                "live" => view.Setting.IsLive,
                "set" => view.Source != SettingSource.Default,
                _ => true,
            })
            .OrderByDescending(view => view.Setting.IsLive).GroupBy(view => view.Setting.Group).OrderBy(group => Array.IndexOf(GroupOrder, group.Key) is >= 0 and var place ? place : GroupOrder.Length),
    ];

    private static bool Fits(SettingView view, string? words) =>
        words is null || view.Setting.Key.Contains(words, StringComparison.OrdinalIgnoreCase) || view.Setting.Meaning.Contains(words, StringComparison.OrdinalIgnoreCase);
}
