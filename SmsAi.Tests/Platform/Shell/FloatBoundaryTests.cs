using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using Radzen.Blazor;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Shell;

/// <summary>A dialog that fails goes, says so with an id, and the next one opens.</summary>
public sealed class FloatBoundaryTests : BunitContext
{
    public FloatBoundaryTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddRadzenComponents();
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<Toasts>();
    }

    [Fact]
    public async Task Dialog_that_fails_is_closed_with_an_id_of_its_fault_and_the_next_one_opens()
    {
        var dialogs = Services.GetRequiredService<DialogService>();
        var screen = Render<FloatBoundary>(with => with.AddChildContent<RadzenDialog>());
        _ = screen.InvokeAsync(() => dialogs.OpenAsync<Fragile>("First"));
        screen.WaitForElement("button.break");

        await screen.Find("button.break").ClickAsync(new());

        screen.FindAll("button.break").ShouldBeEmpty();
        var toast = Services.GetRequiredService<Toasts>().Shown.ShouldHaveSingleItem();
        toast.Tone.ShouldBe(Tone.Stop);
        toast.Text.ShouldMatch("^That failed .* [0-9A-F]{10}\\.$");
        toast.Text.ShouldNotContain("on purpose");
        _ = screen.InvokeAsync(() => dialogs.OpenAsync<Fragile>("Second"));
        screen.WaitForElement("button.break");
        screen.Markup.ShouldContain("Second");
        screen.Markup.ShouldNotContain("First");
    }

    private sealed class Fragile : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "button");
            builder.AddAttribute(1, "class", "break");
            builder.AddAttribute(2, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, () => throw new InvalidOperationException("Broken on purpose.")));
            builder.CloseElement();
        }
    }
}
