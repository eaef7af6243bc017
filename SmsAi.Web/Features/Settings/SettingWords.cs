using SmsAi.Core.Features.Settings;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Settings;

/// <summary>Says settings' values and where they come from.</summary>
public static class SettingWords
{
    public static string Value(SettingView view) => view switch
    {
        { Setting.IsSecret: true, IsSet: true } => "set",
        { IsSet: false } => "not set",
        _ => Value(view.Setting, view.Value),
    };

    public static string Value(Setting setting, string? value) => (setting.Kind, value) switch
    {
        (_, null) => "nothing",
        (SettingKind.Switch, "true") => "On",
        (SettingKind.Switch, "false") => "Off",
        _ => value,
    };

    public static Tone Tone(SettingSource source) => source switch
    {
        SettingSource.Console => Platform.Ui.Tone.Accent,
        SettingSource.Default => Platform.Ui.Tone.None,
        _ => Platform.Ui.Tone.Info,
    };

    /// <summary>Parts of an address, so that a long one may break.</summary>
    public static string Name(Setting setting) => setting.Key[(setting.Key.LastIndexOf(':') + 1)..];
}
