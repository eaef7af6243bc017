using System.Collections.Frozen;

namespace SmsAi.Web.Platform.Ui;

/// <summary>The drawings behind <see cref="IconName"/>: strokes on a 16 by 16 field.</summary>
internal static class IconShapes
{
    private const string Ring = """<circle cx="8" cy="8" r="6"/>""";

    private static readonly FrozenDictionary<IconName, string> Shapes = new Dictionary<IconName, string>
    {
        [IconName.Overview] = """<path d="M2.5 12.5h11M4 10V7.5M7 10V4.5M10 10V6.5M13 10V3"/>""",
        [IconName.Conversations] = """<path d="M2.5 4.5a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H7l-3 3v-3a1.5 1.5 0 0 1-1.5-1.5z"/>""",
        [IconName.Messages] = """<path d="M2.5 4h11M2.5 8h7M2.5 12h9"/>""",
        [IconName.Phone] = """<rect x="4.5" y="1.5" width="7" height="13" rx="1.8"/><path d="M7.2 12.3h1.6"/>""",
        [IconName.Users] = """<circle cx="6" cy="5.5" r="2.5"/><path d="M1.8 13.5c.3-2.4 2-3.7 4.2-3.7s3.9 1.3 4.2 3.7M10.5 3.3a2.5 2.5 0 0 1 0 4.4M12 10.2c1.3.5 2.1 1.6 2.3 3.3"/>""",
        [IconName.Tiers] = """<path d="M8 2 2 5l6 3 6-3zM2 8l6 3 6-3M2 11l6 3 6-3"/>""",
        [IconName.Consent] = """<path d="M8 1.8 3 3.7v4c0 3 2 5.2 5 6.5 3-1.3 5-3.5 5-6.5v-4zM5.8 8l1.6 1.6L10.4 6.5"/>""",
        [IconName.Broadcasts] = """<path d="M2.5 6.5v3h2.5l6 3.5v-10l-6 3.5zM13.5 6.5v3"/>""",
        [IconName.Senders] = """<path d="M8 9.5V14M8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.8 11.2a4.5 4.5 0 0 1 0-6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4M2.8 13a7 7 0 0 1 0-10M13.2 3a7 7 0 0 1 0 10"/>""",
        [IconName.Routing] = """<circle cx="3.5" cy="12.5" r="1.5"/><circle cx="12.5" cy="3.5" r="1.5"/><path d="M5 12.5h4a2.25 2.25 0 0 0 0-4.5H7a2.25 2.25 0 0 1 0-4.5h4"/>""",
        [IconName.Personas] = Ring + """<path d="M5.8 9.5c.5.8 1.3 1.2 2.2 1.2s1.7-.4 2.2-1.2M6 6.3v.4M10 6.3v.4"/>""",
        [IconName.Models] = """<rect x="4" y="4" width="8" height="8" rx="1.5"/><path d="M6 1.8V4M10 1.8V4M6 12v2.2M10 12v2.2M1.8 6H4M1.8 10H4M12 6h2.2M12 10h2.2"/>""",
        [IconName.Costs] = """<path d="M8 1.8v12.4M11 4.5C10.5 3.6 9.4 3.2 8 3.2c-1.8 0-3 .9-3 2.3 0 3.2 6.2 1.7 6.2 5 0 1.5-1.3 2.4-3.2 2.4-1.6 0-2.8-.6-3.3-1.7"/>""",
        [IconName.Limits] = """<path d="M2.5 11a5.5 5.5 0 1 1 11 0M8 11l2.5-3.5"/>""",
        [IconName.Controls] = """<path d="M3 4.5h5M12 4.5h1M3 11.5h1M8 11.5h5"/><circle cx="10" cy="4.5" r="2"/><circle cx="6" cy="11.5" r="2"/>""",
        [IconName.Alerts] = """<path d="M4 11V7a4 4 0 0 1 8 0v4l1.2 1.5H2.8zM6.7 14.2h2.6"/>""",
        [IconName.Audit] = """<path d="M4 2.5h6l2.5 2.5v8.5H4zM6.2 7h4M6.2 10h4"/>""",
        [IconName.Jobs] = """<circle cx="8" cy="8" r="5.8"/><path d="M8 4.8V8l2.3 1.5"/>""",
        [IconName.Access] = """<rect x="3" y="7" width="10" height="6.8" rx="1.5"/><path d="M5.3 7V5a2.7 2.7 0 0 1 5.4 0v2"/>""",
        [IconName.Keys] = """<circle cx="5" cy="11" r="2.7"/><path d="M7 9l6-6M10.5 5.5l2 2"/>""",
        [IconName.Settings] = """<circle cx="8" cy="8" r="2.2"/><path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6l1.4 1.4M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4"/>""",
        [IconName.SystemCheck] = """<path d="M1.8 8.5h2.7l1.8-4.7 3 8.5 1.8-3.8h3.1"/>""",
        [IconName.Search] = """<circle cx="7" cy="7" r="4.3"/><path d="m10.3 10.3 3.2 3.2"/>""",
        [IconName.Pause] = """<path d="M5.5 3.5v9M10.5 3.5v9"/>""",
        [IconName.Stop] = """<path d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3z" fill="currentColor" stroke="none"/><path d="M5.6 8h4.8" stroke="var(--surface-0)" stroke-width="1.8"/>""",
        [IconName.Resume] = """<path d="M5 3.2v9.6L12.5 8z"/>""",
        [IconName.Hold] = Ring + """<path d="M6.5 6v4M9.5 6v4"/>""",
        [IconName.More] = """<circle cx="3.5" cy="8" r=".9" fill="currentColor"/><circle cx="8" cy="8" r=".9" fill="currentColor"/><circle cx="12.5" cy="8" r=".9" fill="currentColor"/>""",
        [IconName.Menu] = """<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>""",
        [IconName.Close] = """<path d="m4 4 8 8M12 4l-8 8"/>""",
        [IconName.Check] = """<path d="m3.2 8.4 3.1 3.1 6.5-7"/>""",
        [IconName.Checks] = """<path d="m1 8.6 2.9 2.9L9.5 5M7.6 10.6l.9.9L14.6 5"/>""",
        [IconName.Plus] = """<path d="M8 3v10M3 8h10"/>""",
        [IconName.Refresh] = """<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3"/>""",
        [IconName.Download] = """<path d="M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M3 13.5h10"/>""",
        [IconName.Upload] = """<path d="M8 10.7v-8M4.8 5.7 8 2.5l3.2 3.2M3 13.5h10"/>""",
        [IconName.Send] = """<path d="M14 2 7 9M14 2 9.5 14 7 9 2 6.5z"/>""",
        [IconName.Link] = """<path d="M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.7.7M9.3 6.7a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.7-.7"/>""",
        [IconName.Copy] = """<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5"/>""",
        [IconName.Columns] = """<rect x="2.5" y="3" width="11" height="10" rx="1.5"/><path d="M6.2 3v10M9.8 3v10"/>""",
        [IconName.Eye] = """<path d="M1.5 8S4 3.7 8 3.7 14.5 8 14.5 8 12 12.3 8 12.3 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="2"/>""",
        [IconName.Sun] = """<circle cx="8" cy="8" r="2.8"/><path d="M8 1.8v1.5M8 12.7v1.5M1.8 8h1.5M12.7 8h1.5M3.6 3.6l1.1 1.1M11.3 11.3l1.1 1.1M12.4 3.6l-1.1 1.1M4.7 11.3l-1.1 1.1"/>""",
        [IconName.Moon] = """<path d="M13 9.3A5.5 5.5 0 0 1 6.7 3a5.5 5.5 0 1 0 6.3 6.3z"/>""",
        [IconName.Desk] = """<rect x="2" y="3" width="12" height="8" rx="1.5"/><path d="M8 11v2.5M5.5 13.5h5"/>""",
        [IconName.SignOut] = """<path d="M6.5 13.5H4A1.5 1.5 0 0 1 2.5 12V4A1.5 1.5 0 0 1 4 2.5h2.5M10.5 11l3-3-3-3M13.5 8h-7"/>""",
        [IconName.ChevronDown] = """<path d="m4.5 6.5 3.5 3.5 3.5-3.5"/>""",
        [IconName.ChevronRight] = """<path d="m6 4 4 4-4 4"/>""",
        [IconName.ChevronLeft] = """<path d="m10 4-4 4 4 4"/>""",
        [IconName.Sparkle] = """<path d="M8 2.5 9.3 6.7 13.5 8 9.3 9.3 8 13.5 6.7 9.3 2.5 8l4.2-1.3z"/>""",
        [IconName.Edit] = """<path d="m3 13 .6-2.7L10.5 3.4a1.4 1.4 0 0 1 2.1 2.1L5.7 12.4z"/>""",
        [IconName.Person] = """<circle cx="8" cy="5" r="2.6"/><path d="M3 13.8c.4-2.8 2.3-4.2 5-4.2s4.6 1.4 5 4.2"/>""",
        [IconName.Clock] = Ring + """<path d="M8 4.5V8l2.2 1.5"/>""",
        [IconName.In] = """<path d="M12.5 3.5 4 12M4 5.5V12h6.5"/>""",
        [IconName.Out] = """<path d="M3.5 12.5 12 4M5.5 4H12v6.5"/>""",
        [IconName.Up] = """<path d="M8 13V3.5M4 7l4-4 4 4"/>""",
        [IconName.Dots] = """<circle cx="3.5" cy="8" r="1" fill="currentColor"/><circle cx="8" cy="8" r="1" fill="currentColor"/><circle cx="12.5" cy="8" r="1" fill="currentColor"/>""",
        [IconName.Circle] = """<circle cx="8" cy="8" r="4.5"/>""",
        [IconName.Question] = Ring + """<path d="M6.2 6.3c.1-1 .8-1.6 1.8-1.6s1.8.6 1.8 1.5c0 1.3-1.7 1.3-1.7 2.6M8 11.2v.1"/>""",
        [IconName.Information] = Ring + """<path d="M8 7.3v3.5M8 5.1v.1"/>""",
        [IconName.Warning] = """<path d="M8 2.2 14.2 13H1.8zM8 6.5v3M8 11.4v.1"/>""",
        [IconName.Fault] = Ring + """<path d="m6 6 4 4M10 6l-4 4"/>""",
        [IconName.Blocked] = Ring + """<path d="m4 12 8-8"/>""",
        [IconName.DeadLetter] = """<rect x="2.5" y="4" width="11" height="8.5" rx="1.5"/><path d="m6.5 6.8 3 3M9.5 6.8l-3 3"/>""",
    }.ToFrozenDictionary();

    internal static string Of(IconName name) => Shapes[name];
}
