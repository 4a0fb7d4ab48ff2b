import type { MarkdownIt, Token } from 'markdown-it';
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import ini from 'highlight.js/lib/languages/ini';
import json from 'highlight.js/lib/languages/json';
import pgsql from 'highlight.js/lib/languages/pgsql';
import python from 'highlight.js/lib/languages/python';
import yaml from 'highlight.js/lib/languages/yaml';
import { isExplainable, statements } from '../sql/statements';
import type { Lesson } from './lesson';
import { markdown, plainText } from './markdown';
import { fenceRole } from './roles';
import { Slugs } from './slugs';

export type RenderedSegment =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'sql'; readonly id: string; readonly html: string; readonly explainable: boolean }
  | { readonly kind: 'exercise'; readonly id: string };

export interface RenderedLesson {
  readonly segments: readonly RenderedSegment[];
  readonly outline: readonly { readonly level: number; readonly text: string; readonly slug: string }[];
}

const LANGUAGES = { bash, sh: bash, ini, conf: ini, json, sql: pgsql, python, py: python, yaml };

/**
 * Turns lesson text into HTML that is safe to insert: raw HTML is text, links are http(s), mailto, relative or
 * `#heading`, and code is highlighted into `hljs-*` spans.
 */
export class LessonRenderer {
  private readonly markdown: MarkdownIt;

  /** @param imageUri gives the address a page may load for an image that the lesson names by a relative path */
  constructor(imageUri: (relative: string) => string) {
    for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
    this.markdown = markdown().set({ highlight: (code, language) => highlight(code, language) });
    this.markdown.validateLink = (url) => /^(?:https?:|mailto:|#|(?![a-z][a-z0-9+.-]*:))/i.test(url.trim());
    const rules = this.markdown.renderer.rules;
    const image = rules['image'];
    rules['image'] = (tokens, index, options, env, self) => {
      const token = tokens[index];
      const source = token?.attrGet('src');
      if (token && typeof source === 'string' && source && !/^[a-z][a-z0-9+.-]*:/i.test(source))
        token.attrSet('src', imageUri(source));
      return image ? image(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
    };
  }

  /** Markdown without roles: a hint, a description. */
  text(source: string): string {
    return this.markdown.render(source);
  }

  /** A code block of its own, highlighted. */
  code(source: string, language: string): string {
    return `<pre><code class="hljs">${highlight(source.trimEnd(), language)}</code></pre>`;
  }

  lesson(lesson: Lesson): RenderedLesson {
    const environment = {};
    const body = lesson.source.split('\n').slice(lesson.bodyLine).join('\n');
    const outline: { level: number; text: string; slug: string }[] = [];
    const segments: RenderedSegment[] = [];
    let pending: Token[] = [];
    const flush = (): void => {
      if (pending.length > 0)
        segments.push({
          kind: 'html',
          html: this.markdown.renderer.render(pending, this.markdown.options, environment),
        });
      pending = [];
    };

    const tokens = this.markdown.parse(body, environment);
    const slugs = new Slugs();
    for (const [index, token] of tokens.entries()) {
      if (token.type === 'heading_open') {
        const text = plainText(tokens[index + 1]);
        const slug = slugs.next(text);
        token.attrSet('id', slug);
        token.attrSet('tabindex', '-1');
        outline.push({ level: Number(token.tag.slice(1)), text, slug });
      }
      const role = token.type === 'fence' ? fenceRole(token.info)?.role : undefined;
      // what an example prints is part of the text; only its masks are the machine's
      if (!role || role === 'output' || token.level > 0) {
        pending.push(token);
        continue;
      }
      const line = lesson.bodyLine + (token.map?.[0] ?? 0);
      if (role === 'run') {
        const block = lesson.runBlocks.find((candidate) => candidate.line === line + 1);
        flush();
        if (block) {
          const [first] = statements(block.text);
          const explainable = first !== undefined && isExplainable(first);
          segments.push({ kind: 'sql', id: block.id, html: this.code(block.text, 'sql'), explainable });
        }
      } else if (role === 'exercise') {
        const exercise = lesson.exercises.find((candidate) => candidate.line === line);
        flush();
        if (exercise) segments.push({ kind: 'exercise', id: exercise.id });
      }
    }
    flush();
    return { segments, outline };
  }
}

function highlight(code: string, language: string): string {
  const name = language.trim().split(/\s+/)[0] ?? '';
  return hljs.getLanguage(name)
    ? hljs.highlight(code, { language: name, ignoreIllegals: true }).value
    : escapeHtml(code);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
