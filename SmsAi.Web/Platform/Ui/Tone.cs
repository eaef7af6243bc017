namespace SmsAi.Web.Platform.Ui;

/// <summary>The meaning a colour may carry: moving, wants attention, did not work, holds, ours.</summary>
public enum Tone
{
    None, Ok, Warn, Stop, Info, Accent,
}

/// <summary>The class names of <see cref="Tone"/> in the style sheets.</summary>
public static class ToneNames
{
    public static string Css(this Tone tone) => tone switch
    {
        Tone.Ok => "ok",
        Tone.Warn => "warn",
        Tone.Stop => "stop",
        Tone.Info => "info",
        Tone.Accent => "accent",
        _ => "",
    };

    public static IconName Icon(this Tone tone) => tone switch
    {
        Tone.Ok => IconName.Check,
        Tone.Warn => IconName.Warning,
        Tone.Stop => IconName.Fault,
        _ => IconName.Information,
    };
}
